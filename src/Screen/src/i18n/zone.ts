/** Where the work is: its times are read by the clock there, wherever the reader's computer is and whatever its clock is set to. */
export const timeZone = 'Europe/Amsterdam';

const day = 86_400_000;
/** Clocks are changed at the beginning of one of these, ms. */
const quarter = 900_000;
const mostKept = 2_000;
const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
});
/** Asked for again and again: finding one is slow. */
const offsets = new Map<number, number>();

/** What the clock shows at a moment, ms since 1970 had the clock always been UTC's. */
export function wallOf(time: number): number {
  return time + offsetAt(time);
}

/** The moment at which the clock shows that: of two the first, and of none the one it would be without the change of the clocks. */
export function instantOf(wall: number): number {
  const [before, after] = [wall - offsetAt(wall - day), wall - offsetAt(wall + day)];
  return wallOf(before) !== wall && wallOf(after) === wall ? after : before;
}

/** A moment as a datetime-local field holds it. */
export function fieldOf(time: number): string {
  return new Date(wallOf(time)).toISOString().slice(0, 16);
}

/** The moment that such a field says; not a number where it says none. */
export function timeOfField(text: string): number {
  return instantOf(Date.parse(`${text}Z`));
}

function offsetAt(time: number): number {
  const key = Math.floor(time / quarter);
  let offset = offsets.get(key);
  if (offset === undefined && !Number.isNaN(time)) {
    const told = Object.fromEntries(parts.formatToParts(key * quarter).map(({ type, value }) => [type, Number(value)])) as Record<string, number>;
    offset = Date.UTC(told['year']!, told['month']! - 1, told['day'], told['hour'], told['minute'], told['second']) - key * quarter;
    if (offsets.size >= mostKept) {
      offsets.clear();
    }

    offsets.set(key, offset);
  }

  return offset ?? NaN;
}
