import { wordsOf } from '../api/problem.ts';
import { arrange } from '../board/board.ts';
import { CardItem } from '../board/card-item.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { clock, number } from '../i18n/format.ts';
import { languageChanged, t, word } from '../i18n/language.ts';
import { byId, h, replace, setText } from '../page/dom.ts';
import { serverTime } from '../page/server-clock.ts';
import { Signal } from '../page/signal.ts';
import { at } from '../work/day.ts';
import { byUrgency, isMovable, matches, slotOf, span, urgencyOf, windowOf } from '../work/facts.ts';
import { slotAt } from '../work/commands.ts';
import type { Moment } from '../work/moment.ts';
import type { WorkStore } from '../work/store.ts';
import type { Card } from '../work/types.ts';
import { Axis, usualFirst } from './axis.ts';
import { sentenceOf, type Lift } from './lift.ts';
import { clashesOf, missingSkills, rowsOf, type Row } from './rows.ts';

/** A pointer that moves less than this presses, and does not drag, pixels. */
const slop = 5;
const quarter = 15 * 60_000;
/** Narrower bars have room for the town, or for nothing. */
const [roomForTown, roomForDelay, roomForAll] = [28, 52, 90] as const;

interface Line {
  readonly element: HTMLElement;
  readonly who: HTMLElement;
  readonly lane: HTMLElement;
  row: Row;
}

/** The day as a table of crews and hours. Visits are moved by pointer and by keyboard; what a move would mean is said before it is made. */
export class Schedule {
  readonly chosen = new Signal<Card>();
  readonly vanChosen = new Signal<string>();
  /** A visit was to be moved, and can't be, and why. */
  readonly refused = new Signal<string>();

  private readonly store: WorkStore;
  private readonly fleet: Fleet;
  private readonly lift: Lift;
  private readonly moment: Moment;
  private readonly axis = new Axis();
  private readonly element = byId('schedule');
  private readonly trayHead = h('h3', { id: 'tray-title' });
  private readonly tray = h('ul', { 'aria-labelledby': 'tray-title' });
  private readonly hours = h('div.hours', { role: 'row' });
  private readonly body = h('div.lines', { role: 'rowgroup' });
  private readonly table = h('div.timetable', { role: 'grid', tabindex: -1 }, h('div.hours-box', { role: 'rowgroup' }, this.hours), this.body);
  private readonly note = h('p.quiet.none', { role: 'status' });
  private readonly nowLine = h('div.now-line', { 'aria-hidden': 'true' });
  private readonly ghost = h('div.ghost', { 'aria-hidden': 'true' });
  private readonly tip = h('p.tip.card', { 'aria-hidden': 'true', hidden: true });
  private readonly spoken = h('p.hidden', { role: 'status' });
  private readonly lines = new Map<string, Line>();
  private readonly trayItems = new Map<string, CardItem>();
  private readonly bars = new Map<string, HTMLButtonElement>();
  private selected: string | undefined;
  private sought = '';
  private isDue = false;
  private wasDragged = false;
  private placedDay = '';

  constructor(store: WorkStore, fleet: Fleet, lift: Lift, moment: Moment) {
    this.store = store;
    this.fleet = fleet;
    this.lift = lift;
    this.moment = moment;
    replace(
      this.element, h('section.tray', {}, this.trayHead, this.tray), h('div.timetable-box', {}, this.note, this.table), this.tip, this.spoken);
    this.element.addEventListener('click', event => this.onClick(event));
    this.element.addEventListener('keydown', event => this.onKey(event));
    this.element.addEventListener('pointerdown', event => this.onDown(event));
    this.table.addEventListener('wheel', event => this.onWheel(event), { passive: false });
    store.changed.on(() => this.schedule());
    lift.changed.on(() => this.drawLift());
    languageChanged.on(() => {
      this.bars.forEach(bar => bar.remove());
      this.bars.clear();
      this.schedule();
    });
    setInterval(() => this.schedule(), 20_000);
  }

  select(id: string | undefined): void {
    this.selected = id;
    this.schedule();
  }

  refilter(sought: string): void {
    this.sought = sought;
    this.schedule();
  }

  /** What is in the hand is put back. */
  putBack(): void {
    this.lift.cancel();
  }

  zoom(factor: number): void {
    this.axis.zoom(factor);
    this.schedule();
  }

  focus(): void {
    (this.tray.querySelector<HTMLElement>('.card-item') ?? this.body.querySelector<HTMLElement>('.slot') ?? this.table).focus();
  }

  /** The present, or the moment that is looked at, is in sight. */
  showNow(): void {
    const x = this.axis.xOf(this.store.day, this.moment.time);
    this.table.scrollLeft = Math.max(0, x - this.table.clientWidth / 4);
  }

  /** A burst of changes is one drawing; what is not shown is not drawn. */
  schedule(): void {
    if (!this.isDue) {
      this.isDue = true;
      requestAnimationFrame(() => {
        this.isDue = false;
        if (!this.element.hidden) {
          this.draw();
        }
      });
    }
  }

  private draw(): void {
    const [{ store, axis }, now] = [this, this.moment.time];
    this.table.setAttribute('aria-label', t('scheduleName'));
    const rows = rowsOf(store, this.fleet);
    axis.fit(store.day, rows.flatMap(row => row.cards.map(card => [Date.parse(card.scheduledStart!), Date.parse(card.scheduledEnd!)] as const)));
    this.element.style.setProperty('--hour', `${axis.hourWidth}px`);
    this.element.style.setProperty('--hours', String(axis.last - axis.first));
    this.drawHours();
    this.drawTray(now);
    this.note.hidden = store.state === 'ready' && rows.length > 0;
    setText(this.note, store.state === 'loading' ? t('loading') : store.state === 'failed' ? wordsOf(store.fault) : t('noCrews'));
    const kept = new Set<string>();
    const lines = rows.map(row => {
      let line = this.lines.get(row.key);
      if (!line) {
        const [who, lane] = [h('div.who', { role: 'rowheader' }), h('div.lane', { role: 'gridcell' })];
        line = { element: h('div.line', { role: 'row', 'data-row': row.key }, who, lane), who, lane, row };
        this.lines.set(row.key, line);
      }

      line.row = row;
      this.drawLine(line, now, kept);
      return line.element;
    });
    for (const key of this.lines.keys()) {
      if (!rows.some(row => row.key === key)) {
        this.lines.delete(key);
      }
    }

    for (const id of this.bars.keys()) {
      if (!kept.has(id)) {
        this.bars.delete(id);
      }
    }

    this.nowLine.hidden = !store.isToday;
    this.nowLine.style.left = `calc(var(--who) + ${axis.xOf(store.day, now)}px)`;
    this.nowLine.textContent = clock(now);
    arrange(this.body, [...lines, this.nowLine]);
    this.place();
    this.drawLift();
  }

  /** A day that was not shown before is looked at where its work is: at present, or from its usual beginning. */
  private place(): void {
    const { store, axis, table } = this;
    if (store.state === 'ready' && this.placedDay !== store.day && table.clientWidth) {
      this.placedDay = store.day;
      if (store.isToday) {
        this.showNow();
      } else {
        table.scrollLeft = axis.xOf(store.day, at(store.day, usualFirst));
      }
    }
  }

  private drawHours(): void {
    const { first, last } = this.axis;
    const shown = [this.store.day, first, last, document.documentElement.lang].join();
    if (this.hours.dataset['shown'] !== shown) {
      this.hours.dataset['shown'] = shown;
      replace(this.hours, h('div.who', { role: 'columnheader' }, t('crews')),
        ...Array.from({ length: last - first }, (_, i) => h('div.hour', { role: 'columnheader' }, clock(at(this.store.day, first + i)))));
    }
  }

  private drawTray(now: number): void {
    const cards = [...this.store.cards.values()].filter(card => card.status === 'draft' && (!this.sought || matches(card, this.sought))).sort(byUrgency(now));
    setText(this.trayHead, `${t('column.toPlan')} · ${number(cards.length)}`);
    const shown = cards.slice(0, 80);
    const ids = new Set(shown.map(({ id }) => id));
    [...this.trayItems.keys()].filter(id => !ids.has(id)).forEach(id => this.trayItems.delete(id));
    const children = shown.map(card => {
      const item = this.trayItems.get(card.id) ?? new CardItem(card.id);
      this.trayItems.set(card.id, item);
      item.write(card, t('nobody'), card.id === this.selected, now);
      return item.element.parentElement instanceof HTMLLIElement ? item.element.parentElement : h('li', {}, item.element);
    });
    arrange(this.tray, children.length ? children : [h('li.quiet', {}, this.sought ? t('noneOf', { n: this.store.cards.size, sought: this.sought }) : t('allPlanned'))]);
  }

  private drawLine({ who, lane, row }: Line, now: number, kept: Set<string>): void {
    const name = row.name || t('nobody');
    const text = JSON.stringify([name, row.plate, row.members.map(member => member.name), row.minutes, document.documentElement.lang]);
    if (who.dataset['written'] !== text) {
      who.dataset['written'] = text;
      replace(
        who, row.vehicleId ? h('button.row-name', { type: 'button', 'data-van': row.vehicleId }, name) : h('b', {}, name),
        h('small', {}, [row.plate, t('hours', { n: number(row.minutes / 60, 1) })].filter(Boolean).join(' · ')),
        h('small.cut', {}, row.members.map(member => member.name).join(', ')));
    }

    const clashes = clashesOf(row);
    const cards = this.sought ? row.cards.filter(card => matches(card, this.sought)) : row.cards;
    const bars = cards.map(card => {
      kept.add(card.id);
      const bar = this.bars.get(card.id) ?? h('button.slot', { type: 'button', 'data-visit': card.id });
      this.bars.set(card.id, bar);
      this.drawBar(bar, card, row, clashes.has(card.id), now);
      return bar;
    });
    arrange(lane, this.ghost.parentElement === lane ? [...bars, this.ghost] : bars);
  }

  private drawBar(bar: HTMLButtonElement, card: Card, row: Row, isClash: boolean, now: number): void {
    const { axis, store: { day } } = this;
    const [start, end] = [Date.parse(card.scheduledStart!), Date.parse(card.scheduledEnd!)];
    const [left, right] = [Math.max(0, axis.xOf(day, start)), Math.min(axis.length, axis.xOf(day, end))];
    const [width, missing] = [Math.max(10, right - left), missingSkills(card, row)];
    const later = card.forecast ? Math.round((Date.parse(card.forecast.arrival.expected) - start) / 60_000) : 0;
    const isOutside = Boolean(card.windowStart && card.windowEnd && (start < Date.parse(card.windowStart) || start > Date.parse(card.windowEnd)));
    const notes = [
      isClash && t('atOnce'), missing.length && t('missingSkills', { skills: missing.map(skill => word('skill.', skill)).join(', ') }),
      isOutside && t('outsideWindow', { window: windowOf(card) }), later > 4 && t('lateBy', { n: later }),
    ].filter(note => typeof note === 'string');
    const text = JSON.stringify([card, left, width, notes, this.selected === card.id, urgencyOf(card, now), card.arrivedAt && !card.endedAt ? Math.round(now / quarter) : 0]);
    if (bar.dataset['written'] === text) {
      return;
    }

    bar.dataset['written'] = text;
    bar.style.left = `${left}px`;
    bar.style.width = `${width}px`;
    bar.dataset['status'] = card.status;
    bar.dataset['urgency'] = urgencyOf(card, now);
    bar.classList.toggle('clash', isClash);
    bar.ariaPressed = String(this.selected === card.id);
    const label = [clock(start), card.customerName, card.city].filter(Boolean).join(' ');
    // What is read of it begins with what is seen of it.
    bar.setAttribute('aria-label', [
      label, span(start, end), word('visitType.', card.visitType), word('visitStatus.', card.status), ...notes,
    ].filter(Boolean).join(', '));
    bar.title = [label, ...notes].join('\n');
    const shown = width < roomForTown ? '' : width < roomForAll ? card.city ?? '' : label;
    // Written by the style, as its name has it in words.
    bar.dataset['later'] = later > 4 && width >= roomForDelay ? `+${later}` : '';
    replace(bar, h('span.cut', {}, shown));
    if (card.windowStart && card.windowEnd) {
      bar.append(this.mark(isOutside ? 'window outside' : 'window', Date.parse(card.windowStart), Date.parse(card.windowEnd), left));
    }

    const began = card.arrivedAt ?? card.startedAt ?? card.enRouteAt;
    if (began) {
      bar.append(this.mark('actual', Date.parse(began), card.endedAt ? Date.parse(card.endedAt) : now, left));
    } else if (card.forecast && later > 4) {
      bar.append(this.mark('expected', Date.parse(card.forecast.arrival.expected), Date.parse(card.forecast.end.expected), left));
    }
  }

  /** A thin line beside a bar, of other times than the bar's. */
  private mark(name: string, start: number, end: number, origin: number): HTMLElement {
    const { axis, store: { day } } = this;
    const [left, right] = [Math.max(0, axis.xOf(day, start)), Math.min(axis.length, axis.xOf(day, end))];
    const mark = h('i', { class: `mark ${name}`, 'aria-hidden': 'true' });
    mark.style.left = `${left - origin}px`;
    mark.style.width = `${Math.max(2, right - left)}px`;
    return mark;
  }

  private drawLift(): void {
    const { lift: { card, slot, answer, fault }, axis, store: { day } } = this;
    const line = slot && [...this.lines.values()].find(({ row }) => row.teamId === slot.teamId && row.vehicleId === slot.vehicleId);
    this.element.classList.toggle('lifting', Boolean(card));
    for (const [id, bar] of this.bars) {
      bar.classList.toggle('lifted', id === card?.id);
    }

    for (const { element } of this.lines.values()) {
      element.classList.toggle('target', element === line?.element);
    }

    if (!card || !slot) {
      this.ghost.remove();
      this.tip.hidden = true;
      return;
    }

    const sentence = sentenceOf(slot, this.nameOf(line?.row), answer, fault);
    const tone = !line ? 'bad' : answer && !answer.feasible ? 'bad' : answer?.violations.length ? 'warn' : 'plain';
    this.tip.hidden = false;
    this.tip.dataset['tone'] = tone;
    setText(this.tip, `${line ? sentence : t('dropOnCrew')} — ${t('liftKeys')}`);
    setText(this.spoken, line ? sentence : t('dropOnCrew'));
    if (line) {
      this.ghost.dataset['tone'] = tone;
      this.ghost.style.left = `${axis.xOf(day, slot.start)}px`;
      this.ghost.style.width = `${((slot.end - slot.start) / 3_600_000) * axis.hourWidth}px`;
      setText(this.ghost, clock(slot.start));
      if (this.ghost.parentElement !== line.lane) {
        line.lane.append(this.ghost);
      }

      this.ghost.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
    } else {
      this.ghost.remove();
    }
  }

  private nameOf(row: Row | undefined): string {
    return row ? row.plate || row.name || t('nobody') : t('nobody');
  }

  private cardAt(target: EventTarget | null): Card | undefined {
    return this.store.cards.get((target as Element).closest<HTMLElement>('[data-visit]')?.dataset['visit'] ?? '');
  }

  private onClick(event: MouseEvent): void {
    const van = (event.target as Element).closest<HTMLElement>('[data-van]')?.dataset['van'];
    const card = this.cardAt(event.target);
    if (this.wasDragged) {
      this.wasDragged = false;
    } else if (van) {
      this.vanChosen.emit(van);
    } else if (card) {
      this.chosen.emit(card);
    }
  }

  private onWheel(event: WheelEvent): void {
    if (event.altKey) {
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15);
    }
  }

  // By pointer: from the tray or from a crew to a crew and an hour.
  private onDown(event: PointerEvent): void {
    const card = this.cardAt(event.target);
    if (!card || event.button !== 0 || event.pointerType === 'touch' || !isMovable(card)) {
      return;
    }

    const element = (event.target as Element).closest<HTMLElement>('[data-visit]')!;
    const offset = element.classList.contains('slot') ? event.clientX - element.getBoundingClientRect().left : 12;
    const move = (moved: PointerEvent) => {
      if (!this.lift.card && Math.hypot(moved.clientX - event.clientX, moved.clientY - event.clientY) < slop) {
        return;
      }

      moved.preventDefault();
      this.wasDragged = true;
      if (this.moment.isPast) {
        end(false);
        this.refuse();
        return;
      }

      const line = this.lines.get(document.elementFromPoint(moved.clientX, moved.clientY)?.closest<HTMLElement>('[data-row]')?.dataset['row'] ?? '');
      const start = line ? this.axis.timeAt(this.store.day, moved.clientX - offset - line.lane.getBoundingClientRect().left) : serverTime();
      const slot = slotAt(card, start, line?.row ?? { teamId: null, vehicleId: null });
      if (this.lift.card) {
        this.lift.move(slot);
      } else {
        this.lift.begin(card, slot);
      }

      this.tip.style.left = `${Math.min(moved.clientX + 14, innerWidth - 340)}px`;
      this.tip.style.top = `${Math.min(moved.clientY + 16, innerHeight - 120)}px`;
    };
    const end = (isDrop: boolean) => {
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', drop);
      removeEventListener('pointercancel', cancel);
      removeEventListener('keydown', escape, true);
      if (this.lift.card) {
        if (isDrop) {
          this.lift.drop();
        } else {
          this.lift.cancel();
        }
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
      this.onLiftedKey(event, this.lift.card);
      return;
    }

    const card = this.cardAt(event.target);
    if (card && event.key === ' ') {
      event.preventDefault();
      this.take(card);
    } else if (card && (event.target as Element).closest('.lane') && /^Arrow/.test(event.key)) {
      event.preventDefault();
      this.walk(card, event.key);
    } else if (card && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      const items = [...this.tray.querySelectorAll<HTMLElement>('.card-item')];
      items[items.findIndex(item => item.dataset['visit'] === card.id) + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
    }
  }

  private take(card: Card): void {
    const first = [...this.lines.values()].find(({ row }) => row.teamId || row.vehicleId)?.row;
    if (this.moment.isPast) {
      this.refuse();
      return;
    }

    if (!isMovable(card) || !first) {
      setText(this.spoken, t('notMovable', { status: word('visitStatus.', card.status) }));
      return;
    }

    const promised = card.windowStart ? Date.parse(card.windowStart) : Math.max(at(this.store.day, 9), this.store.isToday ? serverTime() + quarter : 0);
    const slot = slotOf(card);
    const row = slot && [...this.lines.values()].find(line => line.row.cards.some(({ id }) => id === card.id))?.row;
    this.lift.begin(card, slotAt(card, slot?.start ?? Math.ceil(promised / quarter) * quarter, row ?? first));
    this.tip.style.left = '';
    this.tip.style.top = '';
  }

  private refuse(): void {
    this.refused.emit(t('actionsOfNow', { live: t('replayClose') }));
  }

  private onLiftedKey(event: KeyboardEvent, card: Card): void {
    const { lift, lift: { slot } } = this;
    const rows = [...this.lines.values()].map(line => line.row).filter(row => row.teamId || row.vehicleId);
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
      (this.bars.get(card.id) ?? this.trayItems.get(card.id)?.element)?.focus({ preventScroll: true });
    }
  }

  private walk(card: Card, key: string): void {
    const lines = [...this.lines.values()];
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

