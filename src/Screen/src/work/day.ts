/** A day's name, such as 2026-12-01, on the reader's clock. */
export function dayName(time: number): string {
  const date = new Date(time);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(part => String(part).padStart(2, '0')).join('-');
}

/** The moment at an hour of a day, ms since 1970. */
export function at(day: string, hour: number): number {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return new Date(year, month - 1, date, Math.floor(hour), Math.round((hour % 1) * 60)).getTime();
}

/** The day so many days later. */
export function later(day: string, days: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return dayName(new Date(year, month - 1, date + days, 12).getTime());
}
