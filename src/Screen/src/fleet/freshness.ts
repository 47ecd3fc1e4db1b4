import type { Freshness } from '../api/types.ts';

/** Ages, ms, from which a position is called stale, and a van offline; as the host is configured. */
export interface FreshnessLimits {
  readonly staleAfter: number;
  readonly offlineAfter: number;
}

/** What the server says of a van that was last heard of then. Times in ms since 1970. */
export function freshnessOf(heardAt: number, now: number, { staleAfter, offlineAfter }: FreshnessLimits): Freshness {
  const age = now - heardAt;
  return age >= offlineAfter ? 'offline' : age >= staleAfter ? 'stale' : 'live';
}
