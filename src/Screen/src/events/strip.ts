import type { Change } from '../api/types.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { clock } from '../i18n/format.ts';
import { languageChanged, t } from '../i18n/language.ts';
import { byId, h, replace } from '../page/dom.ts';
import { Signal } from '../page/signal.ts';
import { describe, needsSomebody, toneOf } from './describe.ts';
import { Speaker } from './speaker.ts';

/** Of these the panel takes note; told to the reader they would hide what matters. */
const quiet = new Set(['vehicle.mileage_changed', 'vehicle.trips_repaired']);
const kept = 200;
const inStrip = 12;

interface Entry {
  readonly change: Change;
  readonly plate: string;
}

/** The newest events in one line; all that are kept when it is opened. */
export class EventStrip {
  readonly chosen = new Signal<string>();

  private readonly fleet: Fleet;
  private readonly element = byId('events');
  private readonly list = byId('event-list');
  private readonly toggle = byId<HTMLButtonElement>('events-toggle');
  private readonly speaker = new Speaker();
  private entries: Entry[] = [];
  private isDue = false;

  constructor(fleet: Fleet) {
    this.fleet = fleet;
    this.toggle.addEventListener('click', () => {
      this.element.classList.toggle('open');
      this.schedule();
    });
    this.list.addEventListener('click', event => {
      const id = (event.target as Element).closest<HTMLElement>('[data-id]')?.dataset['id'];
      if (id) {
        this.chosen.emit(id);
      }
    });
    languageChanged.on(() => this.schedule());
    this.schedule();
  }

  add(change: Change): void {
    if (quiet.has(change.type)) {
      return;
    }

    const plate = change.data?.['licensePlate'] ?? this.fleet.vans.get(vanOf(change))?.vehicle.licensePlate ?? '';
    this.entries.unshift({ change, plate: String(plate) });
    if (needsSomebody(change)) {
      this.speaker.say(`${plate} ${describe(change)}`);
    }

    this.entries.length = Math.min(kept, this.entries.length);
    this.schedule();
  }

  clear(): void {
    this.entries = [];
    this.speaker.clear();
    this.schedule();
  }

  /** A burst of events is one drawing. */
  private schedule(): void {
    if (!this.isDue) {
      this.isDue = true;
      setTimeout(() => {
        this.isDue = false;
        this.draw();
      }, 100);
    }
  }

  private draw(): void {
    const open = this.element.classList.contains('open');
    this.toggle.ariaExpanded = String(open);
    this.toggle.title = t(open ? 'eventsCollapse' : 'eventsExpand');
    const shown = this.entries.slice(0, open ? kept : inStrip);
    replace(this.list, ...(shown.length ? shown.map(item) : [h('li.quiet', {}, t('noEvents'))]));
  }
}

function item({ change, plate }: Entry): HTMLLIElement {
  return h('li', {}, h('button.event', { type: 'button', 'data-id': vanOf(change), 'data-tone': toneOf(change), 'data-type': change.type },
    h('time', { datetime: change.at }, clock(change.at, true)), h('b', {}, plate), h('span', {}, describe(change))));
}

function vanOf({ entityType, entityId, data }: Change): string {
  const named = data?.['vehicleId'];
  return entityType !== 'vehicle' && typeof named === 'string' ? named : entityId;
}
