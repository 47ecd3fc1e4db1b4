import { mercatorX, mercatorY } from '../fleet/mercator.ts';
import { rest } from '../fleet/motion.ts';
import type { Coordinates } from '../places/towns.ts';
import { markLabel, markPicture } from './mark-pictures.ts';
import type { SpriteCanvas } from './sprite-canvas.ts';

/** A place on the open van's way, and what is to be said of it. */
export interface Mark extends Coordinates {
  readonly kind: 'hour' | 'stop';
  readonly text: string;
  readonly isChosen?: boolean;
}

const labelWidth = 54;
const labelHeight = 19;

/** The hours and the stops on the open van's way, under the vans. */
export class Marks {
  private marks: readonly Mark[] = [];

  /** The first ones are those that matter most: where there is room for one label only, it is theirs. */
  set(marks: readonly Mark[]): void {
    this.marks = marks;
  }

  /**
   * @param scale CSS pixels of the whole world.
   * @param size How much larger than usual the pictures are.
   */
  write(canvas: SpriteCanvas, scale: number, size: number, isNear: (x: number, y: number) => boolean): void {
    const near = this.marks
      .map(mark => ({ mark, x: mercatorX(mark.longitude) * scale, y: mercatorY(mark.latitude) * scale }))
      .filter(({ x, y }) => isNear(x, y));
    for (const { mark: { kind, isChosen }, x, y } of near) {
      canvas.add(rest(x / scale, y / scale, 0, 0), markPicture(canvas.atlas, kind, isChosen ?? false));
    }

    for (const { mark: { text }, x, y } of roomFor(near, size)) {
      canvas.add(rest(x / scale, y / scale, 0, 0), markLabel(canvas.atlas, text), { dy: -17 * size });
    }
  }
}

/** Those whose labels cover no other one. */
export function roomFor<T extends { readonly x: number; readonly y: number }>(spots: readonly T[], size: number): readonly T[] {
  const taken: T[] = [];
  for (const spot of spots) {
    if (!taken.some(other => Math.abs(other.x - spot.x) < labelWidth * size && Math.abs(other.y - spot.y) < labelHeight * size)) {
      taken.push(spot);
    }
  }

  return taken;
}
