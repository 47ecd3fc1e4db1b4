import type { Place, Status } from '../api/types.ts';

/** A place and when it was, milliseconds since 1970. */
export interface Fixed extends Place {
  readonly at: number;
}

/** From one fix to the next. Before its start the van stands at the first, after its end at the other. */
export interface Leg {
  readonly from: Fixed;
  readonly to: Fixed;
  readonly start: number;
  readonly end: number;
}

/** How the fleet moved, as the server tells it. */
export interface FleetTrack {
  readonly from: string;
  /** Of each vehicle at most one point in each of these. */
  readonly stepSeconds: number;
  readonly items: readonly {
    readonly vehicleId: string;
    /** Seconds since from, latitude, longitude, km/h, degrees. */
    readonly points: readonly (readonly [number, number, number, number | null, number | null])[];
    readonly statuses: readonly { readonly at: string; readonly operationalStatus: Status }[];
  }[];
}

export interface StatusMoment {
  readonly id: string;
  readonly at: number;
  readonly status: Status;
}

/** A van that was silent for longer did not creep all the while: it drove at the end, this long. */
const longestDrive = 60_000;

/** The fixes of a while that is replayed, and the changes of status in it. */
export class Rides {
  private readonly fixes = new Map<string, Fixed[]>();
  private moments: StatusMoment[] = [];
  private step = 0;

  get vans(): Iterable<string> {
    return this.fixes.keys();
  }

  /** Where a van is at the start. */
  begin(id: string, fix: Fixed): void {
    this.fixes.set(id, [fix]);
  }

  /** What follows on what is there. */
  add({ from, stepSeconds, items }: FleetTrack): void {
    const start = Date.parse(from);
    this.step = stepSeconds * 1_000;
    for (const { vehicleId, points, statuses } of items) {
      const known = this.fixes.get(vehicleId) ?? [];
      for (const [seconds, latitude, longitude, speedKmh, headingDegrees] of points) {
        const at = start + seconds * 1_000;
        if (at > (known.at(-1)?.at ?? 0)) {
          known.push({ at, latitude, longitude, speedKmh, headingDegrees });
        }
      }

      if (known.length) {
        this.fixes.set(vehicleId, known);
      }

      this.moments.push(...statuses.map(({ at, operationalStatus }) => ({ id: vehicleId, at: Date.parse(at), status: operationalStatus })));
    }

    this.moments.sort((a, b) => a.at - b.at);
  }

  /** The leg that a van is on at a time; after its last fix, where it stands. What lies before is forgotten: time only goes on. */
  legAt(id: string, at: number): Leg | undefined {
    const fixes = this.fixes.get(id);
    if (!fixes || at < fixes[0]!.at) {
      return undefined;
    }

    let passed = 0;
    while (passed + 1 < fixes.length && fixes[passed + 1]!.at <= at) {
      passed++;
    }

    fixes.splice(0, passed);
    const [from, to = from] = fixes as [Fixed, Fixed?];
    return { from, to, start: Math.max(from.at, to.at - longestDrive), end: to.at };
  }

  /**
   * When a van had last been heard of, at a time. Of many fixes one a step is told: where two steps that follow one another have
   * one each, it was heard of all the while.
   */
  heardAt(id: string, at: number): number | undefined {
    const leg = this.legAt(id, at);
    return leg && leg.to.at - leg.from.at <= 2 * this.step ? Math.min(at, leg.to.at) : leg?.from.at;
  }

  /** The changes of status up to a time, each once. */
  statusesUntil(at: number): readonly StatusMoment[] {
    const due = this.moments.filter(moment => moment.at <= at);
    this.moments = this.moments.slice(due.length);
    return due;
  }
}
