import { wordsOfReading } from '../api/problem.ts';
import { arrange } from '../board/board.ts';
import { CardItem } from '../board/card-item.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { clock, number } from '../i18n/format.ts';
import { languageChanged, t } from '../i18n/language.ts';
import { byId, h, replace, setText } from '../page/dom.ts';
import { Drawing } from '../page/drawing.ts';
import { onPrint } from '../page/printing.ts';
import { Signal } from '../page/signal.ts';
import { at } from '../work/day.ts';
import { byUrgency, matches } from '../work/facts.ts';
import type { Moment } from '../work/moment.ts';
import type { WorkStore } from '../work/store.ts';
import type { Card } from '../work/types.ts';
import { Axis, usualFirst } from './axis.ts';
import { Bar } from './bar.ts';
import { sentenceOf, type Lift } from './lift.ts';
import { Moves, type Line } from './moves.ts';
import { clashesOf, raisedOf, rowsOf, type Row } from './rows.ts';

/** Room for the hours on a landscape A4, as print.css and desk.css leave it, pixels. */
const paperWidth = 840;

/** The day as a table of crews and hours. Visits are moved by pointer and by keyboard; what a move would mean is said before it is made. */
export class Schedule {
  readonly chosen = new Signal<Card>();
  readonly vanChosen = new Signal<string>();

  private readonly store: WorkStore;
  private readonly fleet: Fleet;
  private readonly lift: Lift;
  private readonly moment: Moment;
  private readonly moves: Moves;
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
  private readonly bars = new Map<string, Bar>();
  private selected: string | undefined;
  private sought = '';
  /** What is not shown is not drawn. */
  private readonly drawing = new Drawing(() => this.element.hidden || this.draw());
  private placedDay = '';
  private liftedDay = '';

  constructor(store: WorkStore, fleet: Fleet, lift: Lift, moment: Moment) {
    this.store = store;
    this.fleet = fleet;
    this.lift = lift;
    this.moment = moment;
    replace(
      this.element, h('section.tray', {}, this.trayHead, this.tray), h('div.timetable-box', {}, this.note, this.table), this.tip, this.spoken);
    this.element.addEventListener('click', event => this.onClick(event));
    this.moves = new Moves(this.element, {
      axis: this.axis, lines: this.lines, tray: this.tray, tip: this.tip, cardAt: target => this.cardAt(target),
      elementOf: ({ id }) => (this.bars.get(id) ?? this.trayItems.get(id))?.element, say: text => setText(this.spoken, text),
    }, store, lift, moment);
    this.table.addEventListener('wheel', event => this.onWheel(event), { passive: false });
    store.changed.on(() => {
      this.putBackUnlessShown();
      this.drawing.soon();
    });
    lift.changed.on(() => this.drawLift());
    languageChanged.on(() => this.schedule());
    setInterval(() => this.schedule(), 20_000);
    onPrint(() => this.drawFor(paperWidth), () => this.drawFor(undefined));
  }

  /** A visit was to be moved, and can't be, and why. */
  get refused(): Signal<string> {
    return this.moves.refused;
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

  /** Draws it with the next frame. */
  schedule(): void {
    this.putBackUnlessShown();
    this.drawing.now();
  }

  /** What is in the hand is of the day and the view in which it was taken up. */
  private putBackUnlessShown(): void {
    if (this.element.hidden || this.store.day !== this.liftedDay) {
      this.lift.cancel();
    }

    this.liftedDay = this.store.day;
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
    setText(this.note, store.state === 'loading' ? t('loading') : store.state === 'failed' ? wordsOfReading(store.fault) : t('noCrews'));
    const kept = new Set<string>();
    const lines = rows.map(row => {
      let line = this.lines.get(row.key);
      if (!line) {
        const [who, lane] = [h('div.who', { role: 'rowheader' }), h('div.lane', { role: 'gridcell' })];
        line = { element: h('div.line', { role: 'row', 'data-row': row.key }, who, lane), who, lane, row, drawnBy: '' };
      }

      // Whoever walks them goes from neighbour to neighbour.
      this.lines.delete(row.key);
      this.lines.set(row.key, line);
      this.drawLine(line, row, now, kept);
      return line.element;
    });
    const keys = new Set(rows.map(({ key }) => key));
    [...this.lines.keys()].filter(key => !keys.has(key)).forEach(key => this.lines.delete(key));

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

  /** Bars lie where their pixels say: for a sheet they are drawn anew, and at once. */
  private drawFor(paper: number | undefined): void {
    this.axis.paper = paper;
    if (!this.element.hidden) {
      this.draw();
    }
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

  private drawLine(line: Line, row: Row, now: number, kept: Set<string>): void {
    const { axis, store: { day }, selected, sought, ghost } = this;
    const { who, lane, row: before } = line;
    // Of three hundred rows one or two differ from the drawing before: the others are passed over. Lateness is told in minutes.
    const drawnBy = [axis.first, axis.last, axis.hourWidth, day, selected, sought, Math.floor(now / 60_000), document.documentElement.lang].join();
    line.row = row;
    row.cards.forEach(({ id }) => kept.add(id));
    if (line.drawnBy === drawnBy && isSame(before, row)) {
      return;
    }

    line.drawnBy = drawnBy;
    const name = row.name || t('nobody');
    const text = JSON.stringify([name, row.plate, row.members.map(member => member.name), row.minutes, document.documentElement.lang]);
    if (who.dataset['written'] !== text) {
      who.dataset['written'] = text;
      replace(
        who, row.vehicleId ? h('button.row-name', { type: 'button', 'data-van': row.vehicleId }, name) : h('b', {}, name),
        h('small', {}, [row.plate, t('hours', { n: number(row.minutes / 60, 1) })].filter(Boolean).join(' · ')),
        h('small.cut', {}, row.members.map(member => member.name).join(', ')));
    }

    const [clashes, raised] = [clashesOf(row), raisedOf(row)];
    const cards = sought ? row.cards.filter(card => matches(card, sought)) : row.cards;
    const bars = cards.map(card => {
      const bar = this.bars.get(card.id) ?? new Bar(card.id);
      this.bars.set(card.id, bar);
      bar.write(card, row, clashes.has(card.id), raised.has(card.id), card.id === selected, { axis, day, now });
      return bar.element;
    });
    arrange(lane, ghost.parentElement === lane ? [...bars, ghost] : bars);
  }

  private drawLift(): void {
    const { lift: { card, slot, answer, fault }, axis, store: { day } } = this;
    const line = slot && [...this.lines.values()].find(({ row }) => row.teamId === slot.teamId && row.vehicleId === slot.vehicleId);
    this.element.classList.toggle('lifting', Boolean(card));
    for (const [id, { element }] of this.bars) {
      element.classList.toggle('lifted', id === card?.id);
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
    if (this.moves.wasDragged) {
      this.moves.wasDragged = false;
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
}

/** Whether two rows show the same; a visit that changed is another object. */
function isSame(one: Row, other: Row): boolean {
  return one.name === other.name && one.plate === other.plate && one.members === other.members && one.cards.length === other.cards.length
    && one.cards.every((card, i) => card === other.cards[i]);
}
