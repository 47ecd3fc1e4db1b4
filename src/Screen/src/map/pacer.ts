import type { Motion } from '../fleet/motion.ts';

/** A drawing that differs by less than this part of a pixel shows nothing new. */
const visible = 0.5;
const longest = 0.5;
/** Thirty drawings a second look like a ride; sixty cost twice as much, which a computer without a GPU feels. */
const shortest = 1 / 30;
/** A marker's tip, from its middle. */
const reach = 13;

/**
 * Decides when the next drawing of what moves is due: as soon as the fastest picture has moved visibly. Far out a van takes
 * seconds for a pixel, and sixty drawings a second of the same would only heat the room.
 */
export class Pacer {
  private fastest = 0;
  private until = 0;

  begin(): void {
    this.fastest = 0;
    this.until = 0;
  }

  /** @param scale Pixels of the whole world. */
  note(motion: Motion, scale: number, now: number): void {
    const end = motion.start + motion.duration;
    if (end <= now) {
      return;
    }

    const way = Math.hypot(motion.toX - motion.fromX, motion.toY - motion.fromY) * scale;
    const speed = (way + Math.abs(motion.toHeading - motion.fromHeading) * reach) / motion.duration;
    if (speed > 0) {
      this.fastest = Math.max(this.fastest, speed);
      this.until = Math.max(this.until, end);
    }
  }

  /** Seconds from one drawing to the next; undefined while nothing moves. */
  gap(now: number): number | undefined {
    // One more after the end, so that everything is drawn where it came to rest.
    return this.fastest > 0 && now < this.until + longest ? Math.min(longest, Math.max(shortest, visible / this.fastest)) : undefined;
  }
}
