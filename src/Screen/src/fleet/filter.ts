import type { Freshness, Status, Vehicle } from '../api/types.ts';
import { plain } from '../places/towns.ts';

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

/** Whether a vehicle passes. A plate is found with or without its dashes. @param town Where it is. */
export function passes(filter: Filter, vehicle: Vehicle, town?: string): boolean {
  return hasStatus(filter, vehicle) && hasFreshness(filter, vehicle) && hasText(filter, vehicle, town);
}

export interface Counts {
  readonly statuses: ReadonlyMap<Status, number>;
  readonly freshnesses: ReadonlyMap<Freshness, number>;
}

/** How many vehicles each button of a filter would show: those that pass everything else that is asked for. */
export function countsOf(filter: Filter, vehicles: Iterable<readonly [vehicle: Vehicle, town: string | undefined]>): Counts {
  const [statuses, freshnesses] = [new Map<Status, number>(), new Map<Freshness, number>()];
  for (const [vehicle, town] of vehicles) {
    if (hasText(filter, vehicle, town)) {
      if (hasFreshness(filter, vehicle)) {
        statuses.set(vehicle.operationalStatus, (statuses.get(vehicle.operationalStatus) ?? 0) + 1);
      }

      if (hasStatus(filter, vehicle)) {
        freshnesses.set(vehicle.freshness, (freshnesses.get(vehicle.freshness) ?? 0) + 1);
      }
    }
  }

  return { statuses, freshnesses };
}

function hasStatus({ statuses }: Filter, { operationalStatus }: Vehicle): boolean {
  return !statuses.size || statuses.has(operationalStatus);
}

function hasFreshness({ freshnesses }: Filter, { freshness }: Vehicle): boolean {
  return !freshnesses.size || freshnesses.has(freshness);
}

export function toggled<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(value)) {
    next.add(value);
  }

  return next;
}

function hasText({ text }: Filter, { licensePlate, vehicleName, brandModel }: Vehicle, town: string | undefined): boolean {
  const wanted = text.toLowerCase();
  const bare = plain(text);
  return text === ''
    || (bare !== '' && (plain(licensePlate).includes(bare) || (town !== undefined && plain(town).startsWith(bare))))
    || [vehicleName, brandModel].some(value => value?.toLowerCase().includes(wanted));
}
