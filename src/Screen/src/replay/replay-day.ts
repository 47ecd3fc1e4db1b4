import { dayOf } from '../panel/day.ts';

/** The part of a moment's day that has been, ms since 1970: nothing that is ahead of now can be shown. */
export function pastOf(at: number, now: number): [from: number, to: number] {
  const [from, to] = dayOf(at);
  return [from.getTime(), Math.min(to.getTime(), now)];
}
