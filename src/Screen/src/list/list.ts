import type { Fleet, Van } from '../fleet/fleet.ts';
import { clock } from '../i18n/format.ts';
import { languageChanged, t } from '../i18n/language.ts';
import { byId, h, setText } from '../page/dom.ts';
import { Signal } from '../page/signal.ts';
import { latenessOf } from '../work/facts.ts';
import type { WorkStore } from '../work/store.ts';
import { signalOf } from './signal.ts';

const rowHeight = 52;
const spare = 6;

/** The vans by plate. Only the rows in sight are elements, so that five thousand cost what fifty do. */
export class VanList {
  readonly chosen = new Signal<Van>();

  private readonly box = byId('van-list');
  private readonly space = byId('van-space');
  private readonly count = byId('van-count');
  private readonly spokenCount = byId('van-count-spoken');
  private readonly none = byId('van-none');
  private readonly rows = new Map<string, Row>();
  private readonly clock: () => number;
  private readonly passes: (van: Van) => boolean;
  private readonly placeNameOf: (van: Van) => string | undefined;
  private readonly store: Pick<WorkStore, 'crewOf' | 'nextOf' | 'isToday'>;
  private fleet: Fleet;
  private shown: Van[] = [];
  private selected: Van | undefined;
  private active: Van | undefined;
  private needsSort = true;
  private needsDraw = true;
  private isWhole = false;
  private unsubscribe: (() => void)[] = [];

  /**
   * @param passes Which vans are looked for.
   * @param placeNameOf Where a van is.
   * @param store Who is in a van, and where it goes next.
   * @param clock Milliseconds since 1970 of the moment that is shown.
   */
  constructor(
    fleet: Fleet, passes: (van: Van) => boolean, placeNameOf: (van: Van) => string | undefined, store: Pick<WorkStore, 'crewOf' | 'nextOf' | 'isToday'>, clock: () => number) {
    this.store = store;
    this.fleet = fleet;
    this.passes = passes;
    this.placeNameOf = placeNameOf;
    this.clock = clock;
    this.show(fleet);
    this.box.addEventListener('scroll', () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(this.box);
    this.box.addEventListener('keydown', event => this.onKey(event));
    this.box.addEventListener('focus', () => this.activate(this.active ?? this.selected ?? this.shown[0]));
    this.box.addEventListener('click', event => this.onClick(event));
    languageChanged.on(() => {
      this.rows.forEach(row => row.element.remove());
      this.rows.clear();
      this.refresh(true);
    });
    // Sorting and ages need no more than this.
    setInterval(() => this.refresh(false), 400);
    setInterval(() => (this.needsDraw = true), 1_000);
  }

  /** The vans whose rows are in sight. */
  get inSight(): readonly Van[] {
    return this.shown.filter(van => this.rows.has(van.id));
  }

  show(fleet: Fleet): void {
    this.unsubscribe.forEach(stop => stop());
    this.fleet = fleet;
    this.unsubscribe = [
      fleet.changed.on(() => (this.needsSort = true)),
      fleet.reset.on(() => this.refresh(true)),
    ];
    this.refresh(true);
  }

  /** Others are looked for. */
  refilter(): void {
    this.box.scrollTop = 0;
    this.refresh(true);
    // In between it counts vans that come and go by themselves, which nobody wants to hear.
    setText(this.spokenCount, this.count.textContent);
  }

  select(van: Van | undefined): void {
    this.selected = van;
    if (van) {
      this.active = van;
      this.reveal(van);
    }

    this.draw();
  }

  /** Draws every row, as paper has to have them; or those in sight again. */
  drawWhole(isWhole: boolean): void {
    this.isWhole = isWhole;
    this.draw();
  }

  /** Chooses the van after the one that is open, or before it. */
  step(by: 1 | -1): void {
    const at = this.selected ? this.shown.indexOf(this.selected) : -1;
    const next = this.shown[at < 0 ? (by > 0 ? 0 : this.shown.length - 1) : at + by];
    if (next) {
      this.chosen.emit(next);
    }
  }

  /** Answers whether it could be, which it can't where it is not shown. */
  focus(): boolean {
    this.box.focus();
    return document.activeElement === this.box;
  }

  private refresh(force: boolean): void {
    if (force || this.needsSort) {
      this.needsSort = false;
      this.needsDraw = true;
      this.shown = [...this.fleet.vans.values()]
        .filter(van => this.passes(van))
        .sort((a, b) => (a.vehicle.licensePlate < b.vehicle.licensePlate ? -1 : 1));
    }

    if (this.needsDraw) {
      this.draw();
    }
  }

  private draw(): void {
    this.needsDraw = false;
    const [all, n] = [this.fleet.vans.size, this.shown.length];
    setText(this.count, n === all ? t('vans', { n }) : t('vansOf', { n, all }));
    this.none.hidden = n > 0;
    setText(this.none, all ? t('noMatch') : t('noVans'));
    this.space.style.height = `${n * rowHeight}px`;
    const first = this.isWhole ? 0 : Math.max(0, Math.floor(this.box.scrollTop / rowHeight) - spare);
    const last = this.isWhole ? n : Math.min(n, Math.ceil((this.box.scrollTop + this.box.clientHeight) / rowHeight) + spare);
    const wanted = new Set(this.shown.slice(first, last).map(van => van.id));
    for (const [id, row] of this.rows) {
      if (!wanted.has(id)) {
        row.element.remove();
        this.rows.delete(id);
      }
    }

    for (let i = first; i < last; i++) {
      this.drawRow(this.shown[i]!, i);
    }

    const active = this.active && this.rows.has(this.active.id) ? `van-${this.active.id}` : undefined;
    if (active) {
      this.box.setAttribute('aria-activedescendant', active);
    } else {
      this.box.removeAttribute('aria-activedescendant');
    }
  }

  private drawRow(van: Van, index: number): void {
    let row = this.rows.get(van.id);
    if (!row) {
      row = new Row(van);
      this.rows.set(van.id, row);
      this.space.append(row.element);
    }

    row.write(van, index, this.shown.length, van === this.selected, van === this.active, this.describe(van), this.clock());
  }

  /** Who is in it, where it is, and where it goes next. */
  private describe(van: Van): Told {
    const { vehicle } = van;
    const crew = this.store.crewOf({ vehicleId: van.id })?.members.map(({ name }) => name.split(' ').slice(1).join(' ') || name).join(', ');
    const next = this.store.isToday ? this.store.nextOf(van.id) : undefined;
    const late = next ? latenessOf(next, this.clock()) : 0;
    const isThere = next && !['scheduled', 'confirmed', 'en_route'].includes(next.status);
    const goes = next && !isThere ? ['→', next.scheduledStart && clock(next.scheduledStart), next.city, late > 0 && `+${late}`].filter(Boolean).join(' ') : isThere ? next.customerName : undefined;
    return {
      crew: crew || vehicle.vehicleName || '',
      way: [this.placeNameOf(van), goes ?? (crew ? vehicle.vehicleName ?? undefined : vehicle.brandModel ?? undefined)].filter(Boolean).join(' · '),
      isLate: late > 0,
    };
  }

  private activate(van: Van | undefined): void {
    this.active = van;
    if (van) {
      this.reveal(van);
    }

    this.draw();
  }

  private reveal(van: Van): void {
    const index = this.shown.indexOf(van);
    const top = index * rowHeight;
    if (index >= 0 && (top < this.box.scrollTop || top + rowHeight > this.box.scrollTop + this.box.clientHeight)) {
      this.box.scrollTop = Math.max(0, top - this.box.clientHeight / 2);
    }
  }

  private onKey(event: KeyboardEvent): void {
    const at = this.active ? this.shown.indexOf(this.active) : -1;
    const page = Math.max(1, Math.floor(this.box.clientHeight / rowHeight) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: this.shown.length - 1,
    };
    const next = steps[event.key];
    if (next !== undefined) {
      event.preventDefault();
      this.activate(this.shown[Math.max(0, Math.min(this.shown.length - 1, next))]);
    } else if ((event.key === 'Enter' || event.key === ' ') && this.active) {
      event.preventDefault();
      this.chosen.emit(this.active);
    }
  }

  private onClick(event: MouseEvent): void {
    const id = (event.target as Element).closest<HTMLElement>('[role=option]')?.dataset['id'];
    const van = id ? this.fleet.vans.get(id) : undefined;
    if (van) {
      this.active = van;
      this.chosen.emit(van);
    }
  }
}

interface Told {
  readonly crew: string;
  readonly way: string;
  readonly isLate: boolean;
}

class Row {
  readonly element: HTMLElement;

  private readonly plate = h('b.number');
  private readonly crew = h('span.crew');
  private readonly name = h('span.name');
  private readonly status = h('span.status');
  private readonly signal = h('span.signal');

  constructor(van: Van) {
    this.element = h('div.row', { role: 'option', id: `van-${van.id}`, 'data-id': van.id }, h('span.dot'), h('span.plate', {}, this.plate, ' ', this.crew), this.status, this.name, this.signal);
  }

  write(van: Van, index: number, size: number, selected: boolean, active: boolean, { crew, way, isLate }: Told, now: number): void {
    const { element } = this;
    const { licensePlate, operationalStatus, freshness } = van.vehicle;
    element.style.transform = `translateY(${index * rowHeight}px)`;
    element.ariaPosInSet = String(index + 1);
    element.ariaSetSize = String(size);
    element.ariaSelected = String(selected);
    element.classList.toggle('active', active);
    element.dataset['status'] = operationalStatus;
    element.dataset['freshness'] = freshness;
    setText(this.plate, licensePlate);
    setText(this.crew, crew);
    setText(this.name, way);
    element.classList.toggle('late', isLate);
    setText(this.status, t(operationalStatus));
    setText(this.signal, signalOf(van, now));
  }
}
