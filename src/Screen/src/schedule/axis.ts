import { at } from '../work/day.ts';

/** The hours that a day shows at least. */
export const [usualFirst, usualLast] = [6, 20] as const;
const [least, most, usual] = [48, 180, 66] as const;
const hour = 3_600_000;
const step = 15 * 60_000;
const setting = 'chargecars.hour';

/** Where times lie on the line of a day, in pixels. */
export class Axis {
  first: number = usualFirst;
  last: number = usualLast;

  /** How wide the whole day is on paper, pixels; undefined: it is on the screen. */
  paper: number | undefined;

  private width = kept();

  /** Pixels of an hour. */
  get hourWidth(): number {
    return this.paper === undefined ? this.width : this.paper / (this.last - this.first);
  }

  get length(): number {
    return (this.last - this.first) * this.hourWidth;
  }

  zoom(factor: number): void {
    this.width = Math.round(Math.min(most, Math.max(least, this.width * factor)));
    try {
      localStorage.setItem(setting, String(this.width));
    } catch {
      // Then it lasts as long as the page.
    }
  }

  /** Shows the hours of all of these, of whole hours within the day. */
  fit(day: string, times: readonly (readonly [start: number, end: number])[]): void {
    const hourOf = (time: number) => (time - at(day, 0)) / hour;
    this.first = Math.max(0, Math.floor(Math.min(usualFirst, ...times.map(([start]) => hourOf(start)))));
    this.last = Math.min(24, Math.ceil(Math.max(usualLast, ...times.map(([, end]) => hourOf(end)))));
  }

  xOf(day: string, time: number): number {
    return ((time - at(day, this.first)) / hour) * this.hourWidth;
  }

  /** The time at a place, on a quarter of an hour. */
  timeAt(day: string, x: number): number {
    return snapped(at(day, this.first) + (x / this.hourWidth) * hour);
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
