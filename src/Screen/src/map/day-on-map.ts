import type { Map as GlMap } from 'maplibre-gl';
import type { Fix } from '../api/types.ts';
import { clock, duration } from '../i18n/format.ts';
import { languageChanged } from '../i18n/language.ts';
import { serverTime } from '../page/server-clock.ts';
import { hoursOn, wayOf, type Trip } from '../panel/way.ts';
import type { Coordinates } from '../places/towns.ts';
import type { Mark } from './marks.ts';
import { Track } from './track.ts';

/** A shorter stop is a traffic light, ms. */
const shortest = 3 * 60_000;

/** The open van's day on the map: its way, when it was where, where it stood, and the part that was chosen. */
export class DayOnMap {
  private readonly track: Track;
  private readonly mark: (marks: readonly Mark[]) => void;
  private fixes: readonly Fix[] = [];
  private trips: readonly Trip[] = [];
  private chosen: Trip | undefined;

  /** @param mark Puts marks on the map, the most important first. */
  constructor(map: GlMap, mark: (marks: readonly Mark[]) => void) {
    this.track = new Track(map);
    this.mark = mark;
    languageChanged.on(() => this.writeMarks());
  }

  show(fixes: readonly Fix[]): void {
    this.fixes = fixes;
    this.track.show(fixes);
    this.writeMarks();
    this.writeChosen();
  }

  setTrips(trips: readonly Trip[]): void {
    this.trips = trips;
    // The one that was chosen may have ended since.
    this.chosen = trips.find(trip => trip.startedAt === this.chosen?.startedAt);
    this.writeMarks();
    this.writeChosen();
  }

  /** Answers the places of what was chosen. */
  choose(trip: Trip | undefined): readonly Coordinates[] {
    this.chosen = trip;
    this.writeMarks();
    return this.writeChosen();
  }

  private writeChosen(): readonly Coordinates[] {
    const way = !this.chosen ? [] : this.chosen.kind === 'stop' ? [this.chosen.start] : wayOf(this.chosen, this.fixes);
    this.track.highlight(way);
    return way;
  }

  private writeMarks(): void {
    const stops = this.trips.filter(({ kind }) => kind === 'stop').map(trip => ({ trip, length: lengthOf(trip) }))
      .filter(({ trip, length }) => length >= shortest || trip === this.chosen)
      .toSorted((a, b) => Number(b.trip === this.chosen) - Number(a.trip === this.chosen) || b.length - a.length);
    this.mark([
      ...stops.map(({ trip, length }): Mark => ({
        latitude: trip.start.latitude, longitude: trip.start.longitude, kind: 'stop', text: duration(length), isChosen: trip === this.chosen,
      })),
      ...hoursOn(this.fixes).map(({ latitude, longitude, at }): Mark => ({ latitude, longitude, kind: 'hour', text: clock(at) })),
    ]);
  }
}

function lengthOf({ startedAt, endedAt }: Trip): number {
  return (endedAt ? Date.parse(endedAt) : serverTime()) - Date.parse(startedAt);
}
