import { language, t } from './language.ts';
import { timeZone } from './zone.ts';

/** By which dates and numbers are written in the reader's language. */
export const locale = () => (language() === 'nl' ? 'nl-NL' : 'en-GB');

export function number(value: number, digits = 0): string {
  return value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

type Time = number | string | Date;

/** How times are written, on the clock of where the work is. */
const manners = {
  clock: { hour: '2-digit', minute: '2-digit' },
  seconds: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  shortDate: { day: 'numeric', month: 'short' },
  dayOfWeek: { weekday: 'short', day: 'numeric', month: 'short' },
  wholeDay: { weekday: 'long', day: 'numeric', month: 'long' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
/** Making one is slow, and every row asks for some. */
const writers = new Map<string, Intl.DateTimeFormat>();

function write(time: Time, manner: keyof typeof manners): string {
  const key = `${locale()} ${manner}`;
  let writer = writers.get(key);
  if (!writer) {
    writers.set(key, (writer = new Intl.DateTimeFormat(locale(), { ...manners[manner], timeZone })));
  }

  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : writer.format(date);
}

export function clock(time: Time, seconds = false): string {
  return write(time, seconds ? 'seconds' : 'clock');
}

export function day(date: Time): string {
  return write(date, 'date');
}

/** Such as "Tue 1 Dec". */
export function dayOfWeek(time: Time): string {
  return write(time, 'dayOfWeek');
}

/** Such as "Tuesday 1 December". */
export function wholeDay(time: Time): string {
  return write(time, 'wholeDay');
}

export function moment(time: Time): string {
  return `${write(time, 'shortDate')} ${clock(time)}`;
}

/** How far off a day is, such as "tomorrow" or "in 5 days". */
export function inDays(days: number): string {
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(days, 'day');
}

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** A day of the week by its English name, short. */
export function weekday(name: string): string {
  // The first of January 2023 was a Sunday.
  return new Date(Date.UTC(2023, 0, 1 + weekdays.indexOf(name))).toLocaleDateString(locale(), { weekday: 'short', timeZone: 'UTC' });
}

/** An age such as "12 s" or "3 h". */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const hour = language() === 'nl' ? 'u' : 'h';
  return seconds < 60 ? `${seconds} s`
    : seconds < 3_600 ? `${Math.floor(seconds / 60)} min`
    : seconds < 172_800 ? `${Math.floor(seconds / 3_600)} ${hour}`
    : `${Math.floor(seconds / 86_400)} d`;
}

export function ago(time: string | null | undefined, now: number): string {
  return time ? t('ago', { age: age(now - Date.parse(time)) }) : t('never');
}

export function duration(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  const hour = language() === 'nl' ? 'u' : 'h';
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} ${hour} ${String(minutes % 60).padStart(2, '0')}`;
}
