import type { Api } from '../api/client.ts';
import type { Fix, Page } from '../api/types.ts';
import { metres } from '../fleet/mercator.ts';
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
/** A fix every second for eight hours; beyond it the track ends early rather than never. */
const mostPages = 60;

/** A van's fixes between two times, page by page. */
export async function loadTrack(api: Api, id: string, from: Date, to: Date, signal: AbortSignal): Promise<Fix[]> {
  const fixes: Fix[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page++) {
    const query = new URLSearchParams({ from: from.toISOString(), to: to.toISOString(), limit: String(pageSize), ...(cursor ? { cursor } : {}) });
    const answer: Page<Fix> = await api.get<Page<Fix>>(`/api/vehicles/${id}/positions?${query}`, signal);
    fixes.push(...answer.items);
    cursor = answer.nextCursor;
    if (!cursor) {
      break;
    }
  }

  return fixes;
}

export function writeTrack(fixes: readonly Fix[], frame: () => void): HTMLElement[] {
  if (fixes.length < 2) {
    return [h('p.quiet', {}, t('trackEmpty'))];
  }

  const way = fixes.reduce((sum, fix, i) => sum + (i ? metres(fixes[i - 1]!, fix) : 0), 0);
  return [h('p.track', {}, h('span', {}, t('trackFixes', { n: number(fixes.length), km: number(way / 1_000, 1) })),
    h('button.link', { type: 'button', onclick: frame }, t('map')))];
}

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

/** Local midnight of the day that a moment is on. */
export function startOfDay(at: number): Date {
  const start = new Date(at);
  start.setHours(0, 0, 0, 0);
  return start;
}
