import type { Api } from '../api/client.ts';
import type { Page } from '../api/types.ts';
import { clock, duration, number } from '../i18n/format.ts';
import { t } from '../i18n/language.ts';
import { h } from '../page/dom.ts';

export interface Trip {
  readonly kind?: 'trip' | 'stop';
  readonly startedAt: string;
  readonly endedAt?: string | null;
  readonly distanceMeters?: number | null;
  readonly topSpeedKmh?: number | null;
}

const pageSize = 500;

export async function loadTrips(api: Api, id: string, from: Date, to: Date, signal: AbortSignal): Promise<HTMLElement[]> {
  const query = new URLSearchParams({ from: from.toISOString(), to: to.toISOString(), limit: String(pageSize) });
  const { items: trips } = await api.get<Page<Trip>>(`/api/vehicles/${id}/trips?${query}`, signal);
  return [trips.length ? h('ol.rows', {}, ...trips.map(writeTrip)) : h('p.quiet', {}, t('noTrips'))];
}

function writeTrip({ kind, startedAt, endedAt, distanceMeters, topSpeedKmh }: Trip): HTMLLIElement {
  const isStop = kind === 'stop';
  const end = endedAt ? clock(endedAt) : isStop ? t('now') : t('underWay');
  const parts = [
    isStop ? t('stop') : distanceMeters === undefined || distanceMeters === null ? '' : `${number(distanceMeters / 1_000, 1)} km`,
    endedAt ? duration(Date.parse(endedAt) - Date.parse(startedAt)) : '',
    topSpeedKmh === undefined || topSpeedKmh === null ? '' : t('topSpeed', { n: number(topSpeedKmh) }),
  ];
  return h(isStop ? 'li.stop' : 'li', {}, h('span', {}, t('trip', { from: clock(startedAt), to: end })), h('small', {}, parts.filter(Boolean).join(' · ')));
}

/** The day that a moment is on, from local midnight to the next: twice a year they are not 24 hours apart. */
export function dayOf(at: number): [from: Date, to: Date] {
  const [from, to] = [new Date(at), new Date(at)];
  from.setHours(0, 0, 0, 0);
  to.setHours(24, 0, 0, 0);
  return [from, to];
}
