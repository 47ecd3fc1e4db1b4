import type { Freshness, Status, Vehicle } from '../api/types.ts';

/** What the reader asked for; an empty set asks for everything. */
export interface Filter {
  readonly text: string;
  readonly statuses: ReadonlySet<Status>;
  readonly freshnesses: ReadonlySet<Freshness>;
}

export const everything: Filter = { text: '', statuses: new Set(), freshnesses: new Set() };

export function isEverything({ text, statuses, freshnesses }: Filter): boolean {
  return !text && !statuses.size && !freshnesses.size;
}

/** Whether a vehicle passes. A plate is found with or without its dashes. */
export function passes(filter: Filter, vehicle: Vehicle): boolean {
  return (!filter.statuses.size || filter.statuses.has(vehicle.operationalStatus))
    && (!filter.freshnesses.size || filter.freshnesses.has(vehicle.freshness))
    && (!filter.text || matches(filter.text, vehicle));
}

export function toggled<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(value)) {
    next.add(value);
  }

  return next;
}

function matches(text: string, vehicle: Vehicle): boolean {
  const wanted = text.toLowerCase();
  const bare = plain(text);
  return (bare !== '' && plain(vehicle.licensePlate).includes(bare))
    || [vehicle.vehicleName, vehicle.brandModel].some(value => value?.toLowerCase().includes(wanted));
}

function plain(plate: string): string {
  return plate.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
