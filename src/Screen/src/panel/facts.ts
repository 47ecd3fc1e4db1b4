import type { Refusal, Vehicle } from '../api/types.ts';
import { age, ago, day, inDays, moment, number } from '../i18n/format.ts';
import type { Key } from '../i18n/en.ts';
import { t, word } from '../i18n/language.ts';
import { h, replace } from '../page/dom.ts';
import { dayName } from '../work/day.ts';

const dayLength = 86_400_000;
const soon = 30;

/**
 * What is known of the van itself, how it stands with its dates, and what is wrong with its tracker.
 * @param where Its place in words.
 */
export function writeFacts(list: HTMLElement, vehicle: Vehicle, where: string | undefined, now: number, refusal: Refusal | null): void {
  const { currentLocation: place } = vehicle;
  const rows: [string, (Node | string)[] | null][] = [
    [t('lastFix'), [ago(vehicle.lastLocationUpdate, now)]],
    [t('refusal'), refused(refusal, now)],
    [t('speed'), place?.speedKmh === undefined || place.speedKmh === null ? null : [t('kmPerHour', { n: number(place.speedKmh) })]],
    [t('position'), place ? [where ?? '', h('small.degrees', {}, `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`)] : null],
    [t('availability'), [vehicle.isActive === false ? t('inactive') : vehicle.isAvailable === false ? t('unavailable') : t('available')]],
    [t('model'), text([vehicle.brandModel, vehicle.year].filter(Boolean).join(' · '))],
    [t('mileage'), vehicle.mileageKm === undefined || vehicle.mileageKm === null ? null : [`${number(vehicle.mileageKm)} km`]],
    due('maintenanceDue', 'maintenanceWasDue', vehicle.maintenanceDue, now, t('overdue')),
    [t('lastMaintenance'), vehicle.lastMaintenanceDate ? [day(vehicle.lastMaintenanceDate)] : null],
    due('insurance', 'insuranceEnded', vehicle.insuranceExpiry, now, t('expired')),
  ];
  replace(list, ...rows.flatMap(([name, value]) => (value ? [h('dt', {}, name), h('dd', {}, ...value)] : [])));
}

function refused(refusal: Refusal | null, now: number): Node[] | null {
  const sum = refusalSum(refusal, now);
  return sum ? [h('span.tag.warn', {}, sum)] : null;
}

/** Why fixes were refused, how often and since when; null where that is of yesterday. */
export function refusalSum(refusal: Refusal | null, now: number): string | null {
  return refusal && now - Date.parse(refusal.at) < dayLength
    ? t('refusalSum', { reason: reasonOf(refusal.reason, refusal.offBySeconds), n: number(refusal.count), since: moment(refusal.since) })
    : null;
}

/** A reason in the reader's words. */
export function reasonOf(reason: string, offBySeconds: number | null | undefined): string {
  return word('refused.', reason, { off: age(Math.abs(offBySeconds ?? 0) * 1_000) });
}

/** A date, and a word of warning when it is near or past. One that is past is told as such: no due date is still to come then. */
function due(coming: Key, passed: Key, date: string | null | undefined, now: number, past: string): [string, (Node | string)[] | null] {
  if (!date) {
    return [t(coming), null];
  }

  const days = daysUntil(date, now);
  const warning = days < 0 ? h('span.tag.bad', {}, past) : days <= soon ? h('span.tag.warn', {}, inDays(days)) : undefined;
  return [t(days < 0 ? passed : coming), warning ? [`${day(date)} `, warning] : [day(date)]];
}

/** Days from the one that a moment is on, where the work is, to a date. */
export function daysUntil(date: string, now: number): number {
  return Math.round((Date.parse(date.slice(0, 10)) - Date.parse(dayName(now))) / dayLength);
}

function text(value: string): string[] | null {
  return value ? [value] : null;
}
