import type { Change, Freshness, Place, PositionItem, Status, Vehicle } from '../api/types.ts';
import { contains, type Area } from '../connection/area.ts';
import { Signal } from '../page/signal.ts';
import { mercatorX, mercatorY } from './mercator.ts';
import { asTheyCome, moveTo, rest, type Manner, type Motion } from './motion.ts';

/** A van as the screen knows it; one object as long as the van is there. */
export interface Van {
  readonly id: string;
  vehicle: Vehicle;
  motion: Motion | undefined;
  /** The time of the fix that it is drawn by. */
  placedAt: string | null | undefined;
}

/** The vans that are shown: of now, or of a moment that is replayed. */
export class Fleet {
  readonly vans = new Map<string, Van>();
  /** A van moved. */
  readonly moved = new Signal<Van>();
  /** What a van is or does changed, a van came or went. */
  readonly changed = new Signal<Van>();
  /** All of it is new. */
  readonly reset = new Signal();

  private readonly clock: () => number;
  private readonly manner: Manner;

  /** @param clock Seconds. */
  constructor(clock: () => number, manner: Manner = asTheyCome) {
    this.clock = clock;
    this.manner = manner;
  }

  clear(): void {
    this.vans.clear();
    this.reset.emit();
  }

  /** Exactly these vehicles from now on; those that were there move to where they are now. */
  replaceAll(vehicles: readonly Vehicle[]): void {
    const kept = new Set(vehicles.map(vehicle => vehicle.id));
    for (const id of this.vans.keys()) {
      if (!kept.has(id)) {
        this.vans.delete(id);
      }
    }

    vehicles.forEach(vehicle => this.put(vehicle));
    this.reset.emit();
  }

  /** What was asked of one vehicle came, unless newer news of it overtook the answer. */
  correct(vehicle: Vehicle): void {
    const van = this.vans.get(vehicle.id);
    const known = van?.vehicle.lastLocationUpdate;
    if (van && !(known && (!vehicle.lastLocationUpdate || isOlder(vehicle.lastLocationUpdate, known)))) {
      this.put(vehicle);
      this.changed.emit(van);
    }
  }

  refresh(vehicles: readonly Vehicle[]): void {
    vehicles.forEach(vehicle => this.put(vehicle));
    this.reset.emit();
  }

  /**
   * Exactly these vehicles are inside an area now. Where one is that was there before is not known until it is seen again: better
   * not on the map than in a wrong place.
   */
  see(area: Area, vehicles: readonly Vehicle[]): void {
    const inside = new Set(vehicles.map(vehicle => vehicle.id));
    for (const van of this.vans.values()) {
      const place = van.vehicle.currentLocation;
      if (place && contains(area, place) && !inside.has(van.id)) {
        van.vehicle = { ...van.vehicle, currentLocation: null };
        van.motion = undefined;
      }
    }

    this.refresh(vehicles);
  }

  move(items: readonly PositionItem[]): void {
    for (const item of items) {
      const van = this.vans.get(item.vehicleId);
      if (!van || isOlder(item.fixTime, van.vehicle.lastLocationUpdate)) {
        continue;
      }

      const before = van.vehicle;
      van.vehicle = { ...before, currentLocation: item, lastLocationUpdate: item.fixTime, freshness: item.freshness };
      this.place(van, item, item.fixTime);
      this.moved.emit(van);
      if (before.freshness !== item.freshness) {
        this.changed.emit(van);
      }
    }
  }

  /** A van is on a way that is known; how fresh that is comes with update. */
  ride(id: string, place: Place, fixTime: string, motion: Motion): void {
    const van = this.vans.get(id);
    if (van) {
      van.motion = motion;
      if (!van.placedAt || isOlder(van.placedAt, fixTime) || isOlder(fixTime, van.placedAt)) {
        van.placedAt = fixTime;
        van.vehicle = { ...van.vehicle, currentLocation: place, lastLocationUpdate: fixTime };
        this.changed.emit(van);
      }

      this.moved.emit(van);
    }
  }

  update(id: string, values: Pick<Vehicle, 'operationalStatus'> | Pick<Vehicle, 'freshness'>): void {
    const van = this.vans.get(id);
    if (van && Object.entries(values).some(([name, value]) => van.vehicle[name as keyof Vehicle] !== value)) {
      this.set(van, values);
    }
  }

  apply(change: Change): void {
    if (change.entityType !== 'vehicle') {
      return;
    }

    const van = this.vans.get(change.entityId);
    const data = change.data ?? {};
    switch (change.type) {
      case 'vehicle.deleted':
        if (van) {
          this.vans.delete(van.id);
          this.changed.emit(van);
        }

        return;
      case 'vehicle.created':
      case 'vehicle.updated':
        // The change tells of the row; where the van is and how fresh that is comes with positions.
        this.put({ ...unplaced, ...(data as unknown as Vehicle), ...(van ? placeOf(van.vehicle) : {}), id: change.entityId });
        this.changed.emit(this.vans.get(change.entityId)!);
        return;
      case 'vehicle.status_changed':
        this.set(van, { operationalStatus: data['to'] as Status, currentVisitId: (data['visitId'] as string | null) ?? null });
        return;
      case 'vehicle.mileage_changed':
        this.set(van, { mileageKm: data['mileageKm'] as number });
        return;
      case 'vehicle.positions_removed':
        // Where it was then is nobody's business any more; where it was before that has to be asked for.
        if (van && [van.placedAt, van.vehicle.lastLocationUpdate].some(time => isWithin(data, time))) {
          van.motion = undefined;
          van.placedAt = undefined;
          this.set(van, { currentLocation: null, lastLocationUpdate: null, freshness: 'unknown' });
        }

        return;
      case 'vehicle.freshness_changed':
        // It knows of fixes that were not sent here, from where nobody looks.
        this.set(van, { freshness: data['to'] as Freshness, ...newer(van, data['lastLocationUpdate'] as string | null | undefined) });
        return;
    }
  }

  private set(van: Van | undefined, values: Partial<Vehicle>): void {
    if (van) {
      van.vehicle = { ...van.vehicle, ...values };
      this.changed.emit(van);
    }
  }

  private put(vehicle: Vehicle): void {
    const known = this.vans.get(vehicle.id);
    const van = known ?? { id: vehicle.id, vehicle, motion: undefined, placedAt: undefined };
    const sameFix = van.motion && van.placedAt === vehicle.lastLocationUpdate;
    van.vehicle = vehicle;
    this.vans.set(vehicle.id, van);
    if (!vehicle.currentLocation) {
      van.motion = undefined;
    } else if (!sameFix) {
      this.place(van, vehicle.currentLocation, vehicle.lastLocationUpdate);
    }
  }

  private place(van: Van, place: Place, at: string | null | undefined): void {
    van.placedAt = at;
    const [x, y, now] = [mercatorX(place.longitude), mercatorY(place.latitude), this.clock()];
    van.motion = van.motion ? moveTo(van.motion, x, y, place.headingDegrees, now, this.manner) : rest(x, y, place.headingDegrees, now);
  }
}

const unplaced = { freshness: 'unknown' as const };

function placeOf({ currentLocation, lastLocationUpdate, freshness }: Vehicle): Partial<Vehicle> {
  return { currentLocation: currentLocation ?? null, lastLocationUpdate: lastLocationUpdate ?? null, freshness };
}

function newer(van: Van | undefined, fixTime: string | null | undefined): Partial<Vehicle> {
  return fixTime && !isOlder(fixTime, van?.vehicle.lastLocationUpdate) ? { lastLocationUpdate: fixTime } : {};
}

function isWithin({ from, to }: Readonly<Record<string, unknown>>, time: string | null | undefined): boolean {
  // Both ends: the page knows no time shorter than a millisecond, and what was not taken away comes with the answer.
  return Boolean(time) && !isOlder(time!, from as string) && !isOlder(to as string, time);
}

function isOlder(fixTime: string, known: string | null | undefined): boolean {
  return known !== null && known !== undefined && Date.parse(fixTime) < Date.parse(known);
}
