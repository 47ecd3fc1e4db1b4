import type { Place } from '../api/types.ts';
import { mercatorX, mercatorY } from './mercator.ts';

/**
 * How a van gets from where it was drawn to its newest fix: positions in the map's plane (0 to 1), times in seconds, heading
 * in radians clockwise from north. The drawing follows one interval behind the fixes, so that it never has to guess.
 */
export interface Motion {
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
  readonly fromHeading: number;
  readonly toHeading: number;
  readonly start: number;
  readonly duration: number;
  /** The usual time between two fixes. */
  readonly interval: number;
  readonly hasHeading: boolean;
}

export interface Pose {
  readonly x: number;
  readonly y: number;
  readonly heading: number;
}

const shortest = 0.15;
const longest = 6;
/** A smaller step than four metres says nothing about the direction. */
const stir = inPlane(4);

/** How a van is drawn between two fixes. */
export interface Manner {
  /** Further than that it does not glide: it is shown where it is, without a ride through the country. In the map's plane. */
  readonly leap: number;
  /** Seconds from one place to the next; without it, as long as fixes usually take. */
  readonly pace?: number;
}

/** Fixes as they come. */
export const asTheyCome: Manner = { leap: inPlane(1_500) };

/** Metres as a distance in the map's plane, at the latitude of the Netherlands. */
export function inPlane(length: number): number {
  return length / 40_075_017 / 0.615;
}

export function rest(x: number, y: number, heading: number | null | undefined, now: number): Motion {
  const angle = heading === null || heading === undefined ? 0 : radians(heading);
  return {
    fromX: x, fromY: y, toX: x, toY: y, fromHeading: angle, toHeading: angle, start: now, duration: 0, interval: 1,
    hasHeading: heading !== null && heading !== undefined,
  };
}

/** Where it is drawn at a time. */
export function poseAt(motion: Motion, now: number): Pose {
  const part = motion.duration > 0 ? Math.min(1, Math.max(0, (now - motion.start) / motion.duration)) : 1;
  return {
    x: motion.fromX + (motion.toX - motion.fromX) * part,
    y: motion.fromY + (motion.toY - motion.fromY) * part,
    heading: motion.fromHeading + (motion.toHeading - motion.fromHeading) * part,
  };
}

/** Whether the drawing changes with time. */
export function isMoving(motion: Motion, now: number): boolean {
  return now < motion.start + motion.duration;
}

/** A fix came: from where it is drawn now to there. */
export function moveTo(motion: Motion, x: number, y: number, heading: number | null | undefined, now: number, manner: Manner = asTheyCome): Motion {
  const here = poseAt(motion, now);
  const waited = now - motion.start;
  // Half of the news, half of the past: a single late fix does not change the pace.
  const interval = Math.min(longest, Math.max(shortest, waited > longest * 5 ? motion.interval : (motion.interval + waited) / 2));
  const [dx, dy] = [x - here.x, y - here.y];
  const distance = Math.hypot(dx, dy);
  const known = heading !== null && heading !== undefined;
  const wanted = known ? radians(heading) : distance > stir ? Math.atan2(dx, -dy) : here.heading;
  const still = distance > manner.leap;
  const toHeading = here.heading + turn(wanted - here.heading);
  return {
    fromX: still ? x : here.x,
    fromY: still ? y : here.y,
    toX: x,
    toY: y,
    fromHeading: still ? toHeading : here.heading,
    toHeading,
    start: now,
    duration: still ? 0 : manner.pace ?? interval,
    interval,
    hasHeading: known || motion.hasHeading || distance > stir,
  };
}

/** A way whose both ends are known, with their times. */
export function between(from: Place, to: Place, start: number, end: number): Motion {
  const [fromX, fromY, toX, toY] = [mercatorX(from.longitude), mercatorY(from.latitude), mercatorX(to.longitude), mercatorY(to.latitude)];
  const way = Math.hypot(toX - fromX, toY - fromY) > stir ? Math.atan2(toX - fromX, fromY - toY) : undefined;
  const headingOf = ({ headingDegrees: degrees }: Place) => (degrees === null || degrees === undefined ? undefined : radians(degrees));
  const [first, last] = [headingOf(from) ?? way, headingOf(to) ?? way];
  const fromHeading = first ?? last ?? 0;
  return {
    fromX, fromY, toX, toY, start, fromHeading, toHeading: fromHeading + turn((last ?? fromHeading) - fromHeading),
    duration: end - start, interval: 1, hasHeading: first !== undefined || last !== undefined,
  };
}

/** At rest where it is at a time. */
export function standing(motion: Motion, now: number): Motion {
  const { x, y, heading } = poseAt(motion, now);
  return { ...motion, fromX: x, fromY: y, toX: x, toY: y, fromHeading: heading, toHeading: heading, start: now, duration: 0 };
}

/** An angle as the shorter way round. */
export function turn(angle: number): number {
  const full = 2 * Math.PI;
  return ((((angle + Math.PI) % full) + full) % full) - Math.PI;
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
