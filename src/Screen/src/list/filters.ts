import { freshnesses, statuses, type Freshness, type Status } from '../api/types.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { everything, isEverything, toggled, type Filter } from '../fleet/filter.ts';
import { languageChanged, t } from '../i18n/language.ts';
import { byId, h, setText } from '../page/dom.ts';
import { Signal } from '../page/signal.ts';

/** The search field and the buttons that narrow the list and the map; each says how many vans it stands for. */
export class Filters {
  readonly changed = new Signal<Filter>();
  /** The reader goes on from the search field to what it found. */
  readonly left = new Signal();
  current: Filter = everything;

  private readonly search = byId<HTMLInputElement>('search');
  private readonly clear = byId<HTMLButtonElement>('clear-filters');
  private readonly statusButtons = new Map<Status, Chip>();
  private readonly freshnessButtons = new Map<Freshness, Chip>();
  private fleet: Fleet;

  constructor(fleet: Fleet) {
    this.fleet = fleet;
    this.search.addEventListener('input', () => this.set({ ...this.current, text: this.search.value.trim() }));
    this.search.addEventListener('keydown', event => {
      if (event.key === 'ArrowDown') {
        event.preventDefault();
        this.left.emit();
      }
    });
    this.clear.addEventListener('click', () => {
      this.search.value = '';
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
    setInterval(() => this.write(), 500);
    this.write();
  }

  show(fleet: Fleet): void {
    this.fleet = fleet;
    this.write();
  }

  focus(): void {
    this.search.focus();
    this.search.select();
  }

  private set(filter: Filter): void {
    this.current = filter;
    this.write();
    this.changed.emit(filter);
  }

  private write(): void {
    const counts = new Map<string, number>();
    for (const { vehicle } of this.fleet.vans.values()) {
      counts.set(vehicle.operationalStatus, (counts.get(vehicle.operationalStatus) ?? 0) + 1);
      counts.set(`freshness.${vehicle.freshness}`, (counts.get(`freshness.${vehicle.freshness}`) ?? 0) + 1);
    }

    this.statusButtons.forEach((chip, status) => chip.write(t(status), counts.get(status) ?? 0, this.current.statuses.has(status)));
    this.freshnessButtons.forEach((chip, freshness) =>
      chip.write(t(`freshness.${freshness}`), counts.get(`freshness.${freshness}`) ?? 0, this.current.freshnesses.has(freshness)));
    this.clear.hidden = isEverything(this.current);
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
