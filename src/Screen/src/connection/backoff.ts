const shortest = 300;
const longest = 10_000;

/**
 * How long to wait before the next attempt, in ms: longer each time, and spread out, so that a thousand screens do not
 * come back in the same moment.
 */
export function backoff(failures: number, random: number): number {
  return Math.min(longest, shortest * 2 ** Math.min(failures, 10)) * (0.5 + random / 2);
}
