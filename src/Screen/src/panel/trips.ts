import type { Api } from '../api/client.ts';
import type { Page } from '../api/types.ts';
import { clock, duration, number } from '../i18n/format.ts';
import { t } from '../i18n/language.ts';
import { h } from '../page/dom.ts';
import { Signal } from '../page/signal.ts';
import type { Places } from '../places/places.ts';
import type { Trip } from './way.ts';

const pageSize = 500;
/** So many of the newest are shown until more are asked for. */
const first = 8;

/** The trips and stops of a day, the newest first; one that is chosen stands out on the map. */
export class Trips {
  /** The reader wants to see this one; undefined: none any more. */
  readonly chosen = new Signal<Trip | undefined>();
  /** They came, or were taken away. */
  readonly changed = new Signal<readonly Trip[]>();

  private readonly api: Api;
  private readonly places: Places;
  private trips: readonly Trip[] = [];
  private current: string | undefined;
  private isWhole = false;

  constructor(api: Api, places: Places) {
    this.api = api;
    this.places = places;
  }

  /** Those of another van, or of none. */
  clear(): void {
    this.trips = [];
    this.current = undefined;
    this.isWhole = false;
    this.changed.emit([]);
  }

  async load(id: string, from: Date, to: Date, signal: AbortSignal): Promise<HTMLElement[]> {
    const query = new URLSearchParams({ from: from.toISOString(), to: to.toISOString(), limit: String(pageSize) });
    const { items } = await this.api.get<Page<Trip>>(`/api/vehicles/${id}/trips?${query}`, signal);
    if (signal.aborted) {
      return [];
    }

    this.trips = items.toReversed();
    this.changed.emit(this.trips);
    return [items.length ? this.write() : h('p.quiet', {}, t('noTrips'))];
  }

  private write(): HTMLElement {
    const shown = this.isWhole ? this.trips : this.trips.slice(0, first);
    const more = this.trips.length - shown.length;
    const list = h('div', {},
      h('ol.trips', {}, ...shown.map(trip => this.item(trip))),
      more > 0 && h('button.link', {
        type: 'button', onclick: () => {
          this.isWhole = true;
          const whole = this.write();
          list.replaceWith(whole);
          whole.querySelectorAll<HTMLElement>('button')[first]?.focus();
        },
      }, t('allTrips', { n: this.trips.length })));
    return list;
  }

  private item(trip: Trip): HTMLLIElement {
    const { kind, startedAt, endedAt, start, end, distanceMeters, topSpeedKmh } = trip;
    const isStop = kind === 'stop';
    const until = endedAt ? clock(endedAt) : isStop ? t('now') : t('underWay');
    const [from, to] = [this.places.write(start), end ? this.places.write(end) : undefined];
    const where = isStop || from === to ? from : to ? t('step', { from: from ?? '', to }) : t('from', { place: from ?? '' });
    const parts = [
      isStop ? t('stop') : distanceMeters === undefined || distanceMeters === null ? '' : `${number(distanceMeters / 1_000, 1)} km`,
      endedAt ? duration(Date.parse(endedAt) - Date.parse(startedAt)) : '',
      topSpeedKmh === undefined || topSpeedKmh === null ? '' : t('topSpeed', { n: number(topSpeedKmh) }),
    ];
    const button: HTMLButtonElement = h('button.trip', {
      type: 'button', 'aria-pressed': String(this.current === startedAt), 'data-kind': kind ?? 'trip', onclick: () => this.choose(trip, button),
    }, h('b', {}, t('trip', { from: clock(startedAt), to: until })), h('span', {}, where), h('small', {}, parts.filter(Boolean).join(' · ')));
    return h('li', {}, button);
  }

  private choose(trip: Trip, button: HTMLButtonElement): void {
    const isChosen = this.current !== trip.startedAt;
    this.current = isChosen ? trip.startedAt : undefined;
    button.closest('ol')?.querySelectorAll('button').forEach(other => (other.ariaPressed = String(isChosen && other === button)));
    this.chosen.emit(isChosen ? trip : undefined);
  }
}
