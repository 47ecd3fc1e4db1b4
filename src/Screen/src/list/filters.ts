import { freshnesses, statuses, type Freshness, type Status } from '../api/types.ts';
import type { Fleet, Van } from '../fleet/fleet.ts';
import { countsOf, everything, isEverything, passes, toggled, type Filter } from '../fleet/filter.ts';
import { languageChanged, t } from '../i18n/language.ts';
import { byId, h, setText } from '../page/dom.ts';
import { Signal } from '../page/signal.ts';
import type { Places } from '../places/places.ts';

/** The search field and the buttons that narrow the list and the map; each says how many vans it would show. */
export class Filters {
  readonly changed = new Signal<Filter>();
  /** The reader goes on from the search field to what it found. */
  readonly left = new Signal();
  /** The reader has typed all of it. */
  readonly entered = new Signal();
  current: Filter = everything;

  private readonly search = byId<HTMLInputElement>('search');
  private readonly clear = byId<HTMLButtonElement>('clear-filters');
  private readonly statusButtons = new Map<Status, Chip>();
  private readonly freshnessButtons = new Map<Freshness, Chip>();
  private readonly places: Places;
  private fleet: Fleet;

  constructor(fleet: Fleet, places: Places) {
    this.fleet = fleet;
    this.places = places;
    this.search.addEventListener('input', () => this.set({ ...this.current, text: this.search.value.trim() }));
    this.search.addEventListener('keydown', event => {
      if (event.key === 'ArrowDown') {
        event.preventDefault();
        this.left.emit();
      } else if (event.key === 'Enter') {
        this.entered.emit();
      }
    });
    this.clear.addEventListener('click', () => {
      this.set(everything);
      this.search.focus();
    });
    for (const status of statuses) {
      const chip = new Chip('status', status, () => this.set({ ...this.current, statuses: toggled(this.current.statuses, status) }));
      this.statusButtons.set(status, chip);
      byId('filter-status').append(chip.element);
    }

    for (const freshness of freshnesses) {
      const chip = new Chip('freshness', freshness, () => this.set({ ...this.current, freshnesses: toggled(this.current.freshnesses, freshness) }));
      this.freshnessButtons.set(freshness, chip);
      byId('filter-freshness').append(chip.element);
    }

    languageChanged.on(() => this.write());
    // What is looked for may be a town.
    places.loaded.on(() => this.set(this.current));
    setInterval(() => this.write(), 500);
    this.write();
  }

  passes(van: Van): boolean {
    return passes(this.current, van.vehicle, this.townOf(van));
  }

  show(fleet: Fleet): void {
    this.fleet = fleet;
    this.write();
  }

  /** Answers whether it could be, which it can't where it is not shown. */
  focus(): boolean {
    this.search.focus();
    this.search.select();
    return document.activeElement === this.search;
  }

  set(filter: Filter): void {
    this.current = filter;
    if (this.search.value.trim() !== filter.text) {
      this.search.value = filter.text;
    }

    this.write();
    this.changed.emit(filter);
  }

  private write(): void {
    const vans = [...this.fleet.vans.values()];
    const counts = countsOf(this.current, vans.map(van => [van.vehicle, this.townOf(van)]));
    this.statusButtons.forEach((chip, status) => chip.write(t(status), counts.statuses.get(status) ?? 0, this.current.statuses.has(status)));
    this.freshnessButtons.forEach((chip, freshness) =>
      chip.write(t(`freshness.${freshness}`), counts.freshnesses.get(freshness) ?? 0, this.current.freshnesses.has(freshness)));
    this.clear.hidden = isEverything(this.current);
  }

  /** Where a van is matters only where a text is looked for. */
  private townOf({ vehicle }: Van): string | undefined {
    return this.current.text ? this.places.townOf(vehicle.currentLocation) : undefined;
  }
}

class Chip {
  readonly element: HTMLButtonElement;

  private readonly label = h('span');
  private readonly count = h('b');

  constructor(kind: 'status' | 'freshness', value: string, onClick: () => void) {
    this.element = h('button.chip', { type: 'button', [`data-${kind}`]: value, onclick: onClick }, h('i.dot'), this.label, this.count);
  }

  write(label: string, count: number, pressed: boolean): void {
    setText(this.label, label);
    setText(this.count, String(count));
    this.element.ariaPressed = String(pressed);
  }
}
