import { language, t } from './language.ts';

/** By which dates and numbers are written in the reader's language. */
export const locale = () => (language() === 'nl' ? 'nl-NL' : 'en-GB');

export function number(value: number, digits = 0): string {
  return value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function clock(time: number | string | Date, seconds = false): string {
  return new Date(time).toLocaleTimeString(locale(), { hour: '2-digit', minute: '2-digit', ...(seconds ? { second: '2-digit' } : {}) });
}

export function day(date: string | number | Date): string {
  return new Date(date).toLocaleDateString(locale(), { day: 'numeric', month: 'short', year: 'numeric' });
}

export function moment(time: string | number | Date): string {
  return `${new Date(time).toLocaleDateString(locale(), { day: 'numeric', month: 'short' })} ${clock(time)}`;
}

/** How far off a day is, such as "tomorrow" or "in 5 days". */
export function inDays(days: number): string {
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(days, 'day');
}

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** A day of the week by its English name, short. */
export function weekday(name: string): string {
  // The first of January 2023 was a Sunday.
  return new Date(2023, 0, 1 + weekdays.indexOf(name)).toLocaleDateString(locale(), { weekday: 'short' });
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
