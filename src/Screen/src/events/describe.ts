import type { Change } from '../api/types.ts';
import { day, number } from '../i18n/format.ts';
import { t, word } from '../i18n/language.ts';
import { daysUntil, reasonOf } from '../panel/facts.ts';

export type Tone = 'plain' | 'warn' | 'bad';

/** What happened, in a line for the reader. */
export function describe({ type, data, at }: Change): string {
  const values: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(data ?? {})) {
    if (typeof value === 'string' || typeof value === 'number') {
      values[name] = value;
    }
  }

  if (type === 'vehicle.status_changed') {
    return t('event.vehicle.status_changed', { from: word('', String(values['from'] ?? '')), to: word('', String(values['to'] ?? '')) });
  }

  if (type === 'vehicle.freshness_changed') {
    const to = String(values['to'] ?? values['freshness'] ?? '');
    return t('event.vehicle.freshness_changed', { to: word('freshness.', to).toLowerCase() });
  }

  if (type === 'vehicle.fixes_refused' || type === 'vehicle.clock_corrected') {
    const off = values['offBySeconds'];
    return word('event.', type, { reason: reasonOf(String(values['reason'] ?? ''), typeof off === 'number' ? off : null) });
  }

  const [speed, mileage] = [values['speedKmh'], values['mileageKm']];
  const due = values['dueDate'];
  const isPast = due !== undefined && daysUntil(String(due), Date.parse(at)) < 0;
  return word('event.', isPast ? `${type}.past` : type, {
    ...values,
    ...(typeof speed === 'number' ? { speed: Math.round(speed) } : {}),
    mileage: typeof mileage === 'number' ? number(mileage) : '',
    name: values['geofenceName'] ?? values['name'] ?? '',
    date: due === undefined ? '' : day(due),
  });
}

export function toneOf({ type, data }: Change): Tone {
  if (type.endsWith('overspeed') || type === 'status.overdue' || data?.['to'] === 'offline') {
    return 'bad';
  }

  return type.endsWith('_due') || type === 'vehicle.fixes_refused' || data?.['to'] === 'maintenance' ? 'warn' : 'plain';
}

/** Map, list and panel take note; told as events they would hide what matters. A late signal comes and goes by itself, at every tunnel. */
export function isQuiet({ type, data }: Change): boolean {
  return type === 'vehicle.mileage_changed' || type === 'vehicle.trips_repaired'
    || (type === 'vehicle.freshness_changed' && [data?.['from'], data?.['to']].every(value => value === 'live' || value === 'stale'));
}

export function needsSomebody(change: Change): boolean {
  return toneOf(change) !== 'plain';
}
