import { at } from '../work/day.ts';

/** The hours that a day shows. */
export const [firstHour, lastHour] = [6, 20] as const;
const [least, most, usual] = [48, 180, 66] as const;
const hour = 3_600_000;
const step = 15 * 60_000;
const setting = 'chargecars.hour';

/** Where times lie on the line of a day, in pixels. */
export class Axis {
  private width = kept();

  /** Pixels of an hour. */
  get hourWidth(): number {
    return this.width;
  }

  get length(): number {
    return (lastHour - firstHour) * this.width;
  }

  zoom(factor: number): void {
    this.width = Math.round(Math.min(most, Math.max(least, this.width * factor)));
    try {
      localStorage.setItem(setting, String(this.width));
    } catch {
      // Then it lasts as long as the page.
    }
  }

  xOf(day: string, time: number): number {
    return ((time - at(day, firstHour)) / hour) * this.width;
  }

  /** The time at a place, on a quarter of an hour. */
  timeAt(day: string, x: number): number {
    return snapped(at(day, firstHour) + (x / this.width) * hour);
  }
}

/** The nearest quarter of an hour. */
export function snapped(time: number): number {
  return Math.round(time / step) * step;
}

function kept(): number {
  try {
    const width = Number(localStorage.getItem(setting));
    return width >= least && width <= most ? width : usual;
  } catch {
    return usual;
  }
}
