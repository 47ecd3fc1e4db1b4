import type { Change, Freshness, Place, PositionItem, Status, Vehicle } from '../api/types.ts';
import { Signal } from '../page/signal.ts';
import { mercatorX, mercatorY } from './mercator.ts';
import { asTheyCome, moveTo, rest, type Manner, type Motion } from './motion.ts';

/** A van as the screen knows it; one object as long as the van is there. */
export interface Van {
  readonly id: string;
  vehicle: Vehicle;
  motion: Motion | undefined;
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

  refresh(vehicles: readonly Vehicle[]): void {
    vehicles.forEach(vehicle => this.put(vehicle));
    this.reset.emit();
  }

  move(items: readonly PositionItem[]): void {
    for (const item of items) {
      const van = this.vans.get(item.vehicleId);
      if (!van || isOlder(item.fixTime, van.vehicle.lastLocationUpdate)) {
        continue;
      }

      const before = van.vehicle;
      van.vehicle = { ...before, currentLocation: item, lastLocationUpdate: item.fixTime, freshness: item.freshness };
      this.place(van, item);
      this.moved.emit(van);
      if (before.freshness !== item.freshness) {
        this.changed.emit(van);
      }
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
      case 'vehicle.freshness_changed':
        this.set(van, { freshness: (data['to'] ?? data['freshness']) as Freshness });
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
    const van = known ?? { id: vehicle.id, vehicle, motion: undefined };
    const sameFix = known?.vehicle.lastLocationUpdate === vehicle.lastLocationUpdate && known?.motion;
    van.vehicle = vehicle;
    this.vans.set(vehicle.id, van);
    if (!vehicle.currentLocation) {
      van.motion = undefined;
    } else if (!sameFix) {
      this.place(van, vehicle.currentLocation);
    }
  }

  private place(van: Van, place: Place): void {
    const [x, y, now] = [mercatorX(place.longitude), mercatorY(place.latitude), this.clock()];
    van.motion = van.motion ? moveTo(van.motion, x, y, place.headingDegrees, now, this.manner) : rest(x, y, place.headingDegrees, now);
  }
}

const unplaced = { freshness: 'unknown' as const };

function placeOf({ currentLocation, lastLocationUpdate, freshness }: Vehicle): Partial<Vehicle> {
  return { currentLocation: currentLocation ?? null, lastLocationUpdate: lastLocationUpdate ?? null, freshness };
}

function isOlder(fixTime: string, known: string | null | undefined): boolean {
  return known !== null && known !== undefined && Date.parse(fixTime) < Date.parse(known);
}
