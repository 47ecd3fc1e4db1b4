import type { Fleet } from '../fleet/fleet.ts';
import { latenessOf } from '../work/facts.ts';
import type { WorkStore } from '../work/store.ts';

/** What a screen on the wall counts. */
export const totals = ['driving', 'on_site', 'tooLate', 'noSignal'] as const;
export type Total = (typeof totals)[number];

/** How many vans drive and are on site, how many of today's visits will be too late, and of how many vans nothing is heard. @param now Ms since 1970. */
export function totalsOf(fleet: Pick<Fleet, 'vans'>, store: Pick<WorkStore, 'cards' | 'isToday'>, now: number): Readonly<Record<Total, number>> {
  const vans = [...fleet.vans.values()].map(({ vehicle }) => vehicle);
  return {
    driving: vans.filter(({ operationalStatus }) => operationalStatus === 'driving').length,
    on_site: vans.filter(({ operationalStatus }) => operationalStatus === 'on_site').length,
    tooLate: store.isToday ? [...store.cards.values()].filter(card => latenessOf(card, now) > 0).length : 0,
    noSignal: vans.filter(({ freshness }) => freshness === 'offline' || freshness === 'unknown').length,
  };
}
