import type { Fix } from '../api/types.ts';
import { isHole } from './line.ts';
import type { Coordinates } from '../places/towns.ts';

/** A drive or a stop, as the server tells it. */
export interface Trip {
  readonly kind?: 'trip' | 'stop';
  readonly startedAt: string;
  readonly endedAt?: string | null;
  readonly start: Coordinates;
  readonly end?: Coordinates | null;
  readonly distanceMeters?: number | null;
  readonly topSpeedKmh?: number | null;
}

/** Where a van was at a full hour. */
export interface HourMark extends Coordinates {
  /** Ms since 1970. */
  readonly at: number;
}

const hour = 3_600_000;
/** A van that stands for hours is in one place at each of them: the first is enough, degrees. */
const same = 0.0005;

/** The way of one trip: of the day's fixes those that it was driven by, between its own ends. */
export function wayOf({ startedAt, endedAt, start, end }: Trip, fixes: readonly Fix[]): readonly Coordinates[] {
  const [from, to] = [Date.parse(startedAt), endedAt ? Date.parse(endedAt) : Infinity];
  const between = fixes.filter(({ fixTime }) => Date.parse(fixTime) > from && Date.parse(fixTime) < to);
  return [start, ...between, ...(end ? [end] : [])];
}

/** Where the day's way was at each full hour of the reader's clock; nothing in a hole, nor where the van did not move on. */
export function hoursOn(fixes: readonly Fix[]): readonly HourMark[] {
  const marks: HourMark[] = [];
  fixes.forEach((fix, i) => {
    const before = fixes[i - 1];
    if (!before || isHole(before, fix)) {
      return;
    }

    const [from, to] = [Date.parse(before.fixTime), Date.parse(fix.fixTime)];
    for (let at = Math.floor(from / hour) * hour + hour; at <= to; at += hour) {
      const part = (at - from) / (to - from);
      const mark = {
        at, latitude: before.latitude + (fix.latitude - before.latitude) * part, longitude: before.longitude + (fix.longitude - before.longitude) * part,
      };
      const last = marks.at(-1);
      if (!last || Math.abs(last.latitude - mark.latitude) > same || Math.abs(last.longitude - mark.longitude) > same) {
        marks.push(mark);
      }
    }
  });
  return marks;
}
