import type { Freshness, Vehicle } from '../api/types.ts';
import type { Fleet } from './fleet.ts';
import { freshnessOf, type FreshnessLimits } from './freshness.ts';

/** What was known of a van when the server fell silent. */
interface Last {
  readonly freshness: Freshness;
  /** Ms since 1970. */
  readonly heardAt: number;
}

/** While the server says nothing, nobody says of a van that it grows old: its age is reckoned here. */
export class Silence {
  private readonly fleet: Fleet;
  private readonly limits: FreshnessLimits;
  private last: ReadonlyMap<string, Last> | undefined;

  constructor(fleet: Fleet, limits: FreshnessLimits) {
    this.fleet = fleet;
    this.limits = limits;
  }

  /** @param since When the server was last heard, ms since 1970. */
  begin(since: number): void {
    this.last ??= new Map([...this.fleet.vans.values()].map(({ id, vehicle }) =>
      [id, { freshness: vehicle.freshness, heardAt: heardOf(vehicle, since, this.limits) }]));
  }

  age(now: number): void {
    this.last?.forEach(({ freshness, heardAt }, id) =>
      freshness !== 'unknown' && this.fleet.update(id, { freshness: freshnessOf(heardAt, now, this.limits) }));
  }

  /** The server speaks again: what it tells goes on from what it told last. */
  end(): void {
    this.last?.forEach(({ freshness }, id) => this.fleet.update(id, { freshness }));
    this.last = undefined;
  }
}

/**
 * When a van was last heard of, at the latest. Of one that is out of sight the server sends no fixes: then its word is newer than
 * the fix that is known here.
 */
export function heardOf({ freshness, lastLocationUpdate }: Vehicle, since: number, limits: FreshnessLimits): number {
  const fix = Date.parse(lastLocationUpdate ?? '');
  return !Number.isNaN(fix) && freshnessOf(fix, since, limits) === freshness ? fix
    : freshness === 'live' ? since
    : since - (freshness === 'stale' ? limits.staleAfter : limits.offlineAfter);
}
