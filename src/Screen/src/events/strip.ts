import type { Change } from '../api/types.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { clock, moment } from '../i18n/format.ts';
import { languageChanged, t } from '../i18n/language.ts';
import { byId, h, replace } from '../page/dom.ts';
import { serverTime } from '../page/server-clock.ts';
import { Signal } from '../page/signal.ts';
import { dayOf } from '../panel/day.ts';
import { describe, isQuiet, needsSomebody, toneOf } from './describe.ts';
import { Speaker } from './speaker.ts';

const kept = 200;
const inStrip = 12;
/** As in narrow.css: there the events have the window to themselves. */
const narrow = matchMedia('(max-width: 1000px)');

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
  private items = new Map<Entry, HTMLLIElement>();
  private isDue = false;
  /** How many there were before the past was looked at. */
  private hiddenSince: number | undefined;
  private count = 0;

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
    languageChanged.on(() => {
      this.items.clear();
      this.schedule();
    });
    narrow.addEventListener('change', () => this.schedule());
    this.schedule();
  }

  add(change: Change): void {
    if (isQuiet(change)) {
      return;
    }

    const entry = this.entryOf(change);
    this.entries.unshift(entry);
    this.count++;
    if (needsSomebody(change) && this.hiddenSince === undefined) {
      this.speaker.say(`${entry.plate} ${describe(change)}`);
    }

    this.entries.length = Math.min(kept, this.entries.length);
    this.schedule();
  }

  /** What happened before the page was opened. */
  remember(changes: readonly Change[]): void {
    const known = new Set(this.entries.map(({ change }) => change.sequence));
    this.entries.push(...changes.filter(change => !isQuiet(change) && !known.has(change.sequence)).toReversed().map(change => this.entryOf(change)));
    this.entries.length = Math.min(kept, this.entries.length);
    this.schedule();
  }

  clear(): void {
    this.entries = [];
    this.speaker.clear();
    this.schedule();
  }

  /** Events are of now: beside the past they would pass for its own. */
  hide(isHidden: boolean): void {
    this.hiddenSince = isHidden ? this.count : undefined;
    this.schedule();
  }

  private entryOf(change: Change): Entry {
    return { change, plate: String(change.data?.['licensePlate'] ?? this.fleet.vans.get(vanOf(change))?.vehicle.licensePlate ?? '') };
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
    if (this.hiddenSince !== undefined || !this.entries.length) {
      this.items.clear();
      replace(this.list, h('li.quiet', {}, this.writeNone()));
      return;
    }

    // An item stays as long as its event is shown: the reader may be on it, or have scrolled to it.
    const shown = this.entries.slice(0, open || narrow.matches ? kept : inStrip);
    const items = new Map(shown.map(entry => [entry, this.items.get(entry) ?? item(entry)]));
    this.items = items;
    const wanted = new Set<Element>(items.values());
    for (const child of [...this.list.children]) {
      if (!wanted.has(child)) {
        child.remove();
      }
    }

    [...wanted].forEach((child, i) => this.list.children[i] !== child && this.list.insertBefore(child, this.list.children[i] ?? null));
  }

  private writeNone(): string {
    const n = this.hiddenSince === undefined ? 0 : this.count - this.hiddenSince;
    return this.hiddenSince === undefined ? t('noEvents') : n === 0 ? t('noEventsOfNow') : n === 1 ? t('eventOfNow') : t('eventsOfNow', { n });
  }
}

function item({ change, plate }: Entry): HTMLLIElement {
  return h('li', {}, h('button.event', { type: 'button', 'data-id': vanOf(change), 'data-tone': toneOf(change), 'data-type': change.type },
    h('time', { datetime: change.at }, dayOf(Date.parse(change.at))[0] < dayOf(serverTime())[0] ? moment(change.at) : clock(change.at, true)), h('b', {}, plate), h('span', {}, describe(change))));
}

function vanOf({ entityType, entityId, data }: Change): string {
  const named = data?.['vehicleId'];
  return entityType !== 'vehicle' && typeof named === 'string' ? named : entityId;
}
