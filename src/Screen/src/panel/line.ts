import type { Fix } from '../api/types.ts';
import { metres } from '../fleet/mercator.ts';

/** A place that is nearer than this to the line between its neighbours is not missed in it, metres. */
const tolerance = 4;
/** So many at most are weighed at once, however straight the road is. */
const mostPending = 60;
/** Where nothing was heard for longer the line has a hole, ms: it is no straight road. */
export const hole = 30 * 60_000;

/** Fixes in the order of time, of which those are kept that make the line: a straight road, or an hour in one place, is two. */
export class Line {
  /** All that came. */
  count = 0;
  /** The way through all of them. */
  metres = 0;
  private readonly kept: Fix[] = [];
  private pending: Fix[] = [];

  get first(): Fix | undefined {
    return this.kept[0];
  }

  get last(): Fix | undefined {
    return this.pending.at(-1) ?? this.kept.at(-1);
  }

  get points(): readonly Fix[] {
    const { last } = this;
    return this.pending.length ? [...this.kept, last!] : this.kept;
  }

  /** False of what is not newer than what is there. */
  add(fix: Fix): boolean {
    const { last } = this;
    if (last && Date.parse(fix.fixTime) <= Date.parse(last.fixTime)) {
      return false;
    }

    this.count++;
    if (!last) {
      this.kept.push(fix);
      return true;
    }

    this.metres += metres(last, fix);
    if (isHole(last, fix)) {
      this.keep(last);
      this.kept.push(fix);
    } else {
      const before = this.kept.at(-1)!;
      // A tracker that seldom speaks drove all the same: what is kept has no hole where the fixes had none.
      if (this.pending.length >= mostPending || isHole(before, fix) || this.pending.some(passed => offset(before, fix, passed) > tolerance)) {
        this.keep(last);
      }

      this.pending.push(fix);
    }

    return true;
  }

  private keep(fix: Fix): void {
    if (this.pending.length) {
      this.kept.push(fix);
      this.pending = [];
    }
  }
}

export function isHole(before: Fix, after: Fix): boolean {
  return Date.parse(after.fixTime) - Date.parse(before.fixTime) > hole;
}

/** How far a place lies from the line between two others, metres; so near that the earth is flat. */
function offset(from: Fix, to: Fix, place: Fix): number {
  const degree = 111_195;
  const shrink = Math.cos((from.latitude * Math.PI) / 180);
  const plane = ({ latitude, longitude }: Fix) => [(longitude - from.longitude) * degree * shrink, (latitude - from.latitude) * degree] as const;
  const [[x, y], [px, py]] = [plane(to), plane(place)];
  const length = x * x + y * y;
  const part = length ? Math.min(1, Math.max(0, (px * x + py * y) / length)) : 0;
  return Math.hypot(px - part * x, py - part * y);
}
