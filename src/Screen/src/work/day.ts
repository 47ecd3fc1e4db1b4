import { instantOf, wallOf } from '../i18n/zone.ts';

/** A day's name, such as 2026-12-01, on the clock of where the work is; none where there is no time. */
export function dayName(time: number): string {
  return Number.isNaN(time) ? '' : new Date(wallOf(time)).toISOString().slice(0, 10);
}

/** The moment at an hour of a day, ms since 1970. */
export function at(day: string, hour: number): number {
  const [year, month, date] = partsOf(day);
  return instantOf(Date.UTC(year, month - 1, date, Math.floor(hour), Math.round((hour - Math.floor(hour)) * 60)));
}

/** The day so many days later. */
export function later(day: string, days: number): string {
  const [year, month, date] = partsOf(day);
  return new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10);
}

function partsOf(day: string): [year: number, month: number, date: number] {
  return day.split('-').map(Number) as [number, number, number];
}
