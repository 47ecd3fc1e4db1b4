import { at as momentAt, dayName, later } from '../work/day.ts';

/** The day that a moment is on, from midnight to the next: twice a year they are not 24 hours apart. */
export function dayOf(at: number): [from: Date, to: Date] {
  const day = dayName(at);
  return [new Date(momentAt(day, 0)), new Date(momentAt(later(day, 1), 0))];
}
