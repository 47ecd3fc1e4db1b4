import type { FreshnessLimits } from '../fleet/freshness.ts';
import type { MapConfiguration } from '../map/style.ts';

/** What the host tells the page of its map, in the page's head. */
export function mapConfiguration(): MapConfiguration {
  return read<MapConfiguration>('map') ?? {};
}

/** When the host calls a van stale or offline. */
export function freshnessLimits(): FreshnessLimits {
  const seconds = read<FreshnessLimits>('freshness');
  if (!seconds) {
    throw new Error('The page has no limits of freshness.');
  }

  return { staleAfter: seconds.staleAfter * 1_000, offlineAfter: seconds.offlineAfter * 1_000 };
}

/** How far the demo fleet's day is ahead of the clock, ms; nothing where there is no demo. */
export function demoAhead(): number | undefined {
  const demo = read<{ aheadMinutes: number }>('demo');
  return demo && demo.aheadMinutes * 60_000;
}

function read<T>(name: string): T | undefined {
  const text = document.querySelector<HTMLMetaElement>(`meta[name=chargecars-${name}]`)?.content;
  return text ? (JSON.parse(text) as T) : undefined;
}
