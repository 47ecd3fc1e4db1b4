import type { Fleet } from '../fleet/fleet.ts';
import { latenessOf } from '../work/facts.ts';
import type { Card } from '../work/types.ts';
import { dayName } from '../work/day.ts';
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
    tooLate: store.isToday ? [...store.cards.values()].filter(card => latenessOf(card, now) > 0 && isOfToday(card, now)).length : 0,
    noSignal: vans.filter(({ freshness }) => freshness === 'offline' || freshness === 'unknown').length,
  };
}

/** What is still to be planned is there whatever day it was promised for: of another day than today it is no visit that comes too late today. */
function isOfToday({ status, windowEnd }: Card, now: number): boolean {
  return status !== 'draft' || dayName(Date.parse(windowEnd ?? '')) === dayName(now);
}
