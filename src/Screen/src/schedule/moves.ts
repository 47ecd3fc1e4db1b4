import { t, word } from '../i18n/language.ts';
import { serverTime } from '../page/server-clock.ts';
import { Signal } from '../page/signal.ts';
import { slotAt } from '../work/commands.ts';
import { at } from '../work/day.ts';
import { isMovable, slotOf } from '../work/facts.ts';
import type { Moment } from '../work/moment.ts';
import type { WorkStore } from '../work/store.ts';
import type { Card } from '../work/types.ts';
import type { Axis } from './axis.ts';
import type { Lift } from './lift.ts';
import type { Row } from './rows.ts';

/** A pointer that moves less than this presses, and does not drag, pixels. */
const slop = 5;
const quarter = 15 * 60_000;

/** A crew's line in the table. */
export interface Line {
  readonly element: HTMLElement;
  readonly who: HTMLElement;
  readonly lane: HTMLElement;
  row: Row;
  /** What its bars were drawn by, beside their visits. */
  drawnBy: string;
}

/** The table in which visits are moved. */
interface Table {
  readonly axis: Axis;
  /** In the order in which they are shown. */
  readonly lines: ReadonlyMap<string, Line>;
  readonly tray: HTMLElement;
  /** What a move would mean, in words beside the pointer. */
  readonly tip: HTMLElement;
  readonly elementOf: (card: Card) => HTMLElement | undefined;
  readonly cardAt: (target: EventTarget | null) => Card | undefined;
  /** Has it read out. */
  readonly say: (text: string) => void;
}

/** How visits are moved in the table: by pointer and by keyboard, to the same places. */
export class Moves {
  /** A visit was to be moved, and can't be, and why. */
  readonly refused = new Signal<string>();
  /** The pointer comes from a drag: that it is let go is no click. */
  wasDragged = false;

  /** The visit in the hand was taken up by the pointer. */
  private isDragging = false;
  private readonly table: Table;
  private readonly store: WorkStore;
  private readonly lift: Lift;
  private readonly moment: Moment;

  constructor(element: HTMLElement, table: Table, store: WorkStore, lift: Lift, moment: Moment) {
    this.table = table;
    this.store = store;
    this.lift = lift;
    this.moment = moment;
    element.addEventListener('keydown', event => this.onKey(event));
    element.addEventListener('pointerdown', event => this.onDown(event));
    // What was taken up by keyboard is put back when the reader turns to something else: the next click must not put it down.
    addEventListener('pointerdown', () => this.isDragging || lift.cancel(), true);
    addEventListener('focusin', event => this.onFocus(event.target));
    element.addEventListener('focusout', event => event.relatedTarget ?? setTimeout(() => document.hasFocus() && this.onFocus(document.activeElement)));
  }

  private onFocus(target: EventTarget | null): void {
    const { card } = this.lift;
    if (card && !this.isDragging && this.table.cardAt(target)?.id !== card.id) {
      this.lift.cancel();
    }
  }

  // By pointer: from the tray or from a crew to a crew and an hour.
  private onDown(event: PointerEvent): void {
    const card = this.table.cardAt(event.target);
    if (!card || event.button !== 0 || event.pointerType === 'touch' || !isMovable(card)) {
      return;
    }

    const element = (event.target as Element).closest<HTMLElement>('[data-visit]')!;
    const offset = element.classList.contains('slot') ? event.clientX - element.getBoundingClientRect().left : 12;
    const move = (moved: PointerEvent) => {
      if (this.isDragging && this.lift.card !== card) {
        end(false);
        return;
      }

      if (!this.isDragging && Math.hypot(moved.clientX - event.clientX, moved.clientY - event.clientY) < slop) {
        return;
      }

      moved.preventDefault();
      this.wasDragged = true;
      if (this.moment.isPast) {
        end(false);
        this.refuse();
        return;
      }

      const line = this.table.lines.get(document.elementFromPoint(moved.clientX, moved.clientY)?.closest<HTMLElement>('[data-row]')?.dataset['row'] ?? '');
      const start = line ? this.table.axis.timeAt(this.store.day, moved.clientX - offset - line.lane.getBoundingClientRect().left) : serverTime();
      const slot = slotAt(card, start, line?.row ?? { teamId: null, vehicleId: null });
      if (this.isDragging) {
        this.lift.move(slot);
      } else {
        this.isDragging = true;
        this.lift.begin(card, slot);
      }

      this.table.tip.style.left = `${Math.min(moved.clientX + 14, innerWidth - 340)}px`;
      this.table.tip.style.top = `${Math.min(moved.clientY + 16, innerHeight - 120)}px`;
    };
    const end = (isDrop: boolean) => {
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', drop);
      removeEventListener('pointercancel', cancel);
      removeEventListener('keydown', escape, true);
      const isMine = this.isDragging && this.lift.card === card;
      this.isDragging = false;
      if (isMine && isDrop) {
        this.lift.drop();
      } else if (isMine) {
        this.lift.cancel();
      }

      // A click follows where the pointer is still over what it went down on; not else.
      setTimeout(() => (this.wasDragged = false));
    };
    const drop = () => end(true);
    const cancel = () => end(false);
    const escape = (pressed: KeyboardEvent) => {
      if (pressed.key === 'Escape') {
        pressed.stopPropagation();
        end(false);
      }
    };
    addEventListener('pointermove', move);
    addEventListener('pointerup', drop);
    addEventListener('pointercancel', cancel);
    addEventListener('keydown', escape, true);
  }

  // By keyboard: the arrows walk, space takes up and the arrows move, Enter puts down.
  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey) {
      return;
    }

    if (this.lift.card && this.lift.slot) {
      if (!this.isDragging) {
        this.onLiftedKey(event, this.lift.card);
      }

      return;
    }

    const card = this.table.cardAt(event.target);
    if (card && event.key === ' ') {
      event.preventDefault();
      this.take(card);
    } else if (card && (event.target as Element).closest('.lane') && /^Arrow/.test(event.key)) {
      event.preventDefault();
      this.walk(card, event.key);
    } else if (card && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      const items = [...this.table.tray.querySelectorAll<HTMLElement>('.card-item')];
      items[items.findIndex(item => item.dataset['visit'] === card.id) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
    }
  }

  private take(card: Card): void {
    const first = [...this.table.lines.values()].find(({ row }) => row.teamId || row.vehicleId)?.row;
    if (this.moment.isPast) {
      this.refuse();
      return;
    }

    if (!isMovable(card) || !first) {
      this.table.say(t('notMovable', { status: word('visitStatus.', card.status) }));
      return;
    }

    const promised = card.windowStart ? Date.parse(card.windowStart) : Math.max(at(this.store.day, 9), this.store.isToday ? serverTime() + quarter : 0);
    const slot = slotOf(card);
    const row = slot && [...this.table.lines.values()].find(line => line.row.cards.some(({ id }) => id === card.id))?.row;
    this.lift.begin(card, slotAt(card, slot?.start ?? Math.ceil(promised / quarter) * quarter, row ?? first));
    this.table.tip.style.left = '';
    this.table.tip.style.top = '';
  }

  private refuse(): void {
    this.refused.emit(t('actionsOfNow', { live: t('replayClose') }));
  }

  private onLiftedKey(event: KeyboardEvent, card: Card): void {
    const { lift, lift: { slot } } = this;
    const rows = [...this.table.lines.values()].map(line => line.row).filter(row => row.teamId || row.vehicleId);
    const here = rows.findIndex(row => row.teamId === slot!.teamId && row.vehicleId === slot!.vehicleId);
    const step = event.shiftKey ? 5 * 60_000 : quarter;
    const to: Readonly<Record<string, () => void>> = {
      ArrowRight: () => lift.move({ ...slot!, start: slot!.start + step, end: slot!.end + step }),
      ArrowLeft: () => lift.move({ ...slot!, start: slot!.start - step, end: slot!.end - step }),
      ArrowDown: () => lift.move(slotAt(card, slot!.start, rows[Math.min(rows.length - 1, here + 1)]!)),
      ArrowUp: () => lift.move(slotAt(card, slot!.start, rows[Math.max(0, here - 1)]!)),
      Enter: () => lift.drop(),
      ' ': () => lift.drop(),
      Escape: () => lift.cancel(),
    };
    const run = to[event.key];
    if (run) {
      event.preventDefault();
      event.stopPropagation();
      run();
      this.table.elementOf(card)?.focus({ preventScroll: true });
    }
  }

  private walk(card: Card, key: string): void {
    const lines = [...this.table.lines.values()];
    const [y, bars] = [lines.findIndex(({ row }) => row.cards.some(({ id }) => id === card.id)), (line: Line | undefined) => [...(line?.lane.querySelectorAll<HTMLElement>('.slot') ?? [])]];
    if (key === 'ArrowRight' || key === 'ArrowLeft') {
      const mine = bars(lines[y]);
      mine[mine.findIndex(bar => bar.dataset['visit'] === card.id) + (key === 'ArrowRight' ? 1 : -1)]?.focus();
      return;
    }

    const start = Date.parse(card.scheduledStart!);
    for (let next = y + (key === 'ArrowDown' ? 1 : -1); next >= 0 && next < lines.length; next += key === 'ArrowDown' ? 1 : -1) {
      const near = bars(lines[next]).map(bar => [bar, Math.abs(Date.parse(this.store.cards.get(bar.dataset['visit']!)?.scheduledStart ?? '') - start)] as const)
        .sort((a, b) => a[1] - b[1])[0];
      if (near) {
        near[0].focus();
        return;
      }
    }
  }
}
