import type { Api } from '../api/client.ts';
import type { Fix, Page } from '../api/types.ts';
import { metres } from '../fleet/mercator.ts';
import { Line } from './line.ts';

const pageSize = 500;
/** The day is read in parts, the newest first; each in the order of time, as the server tells it. */
const part = 2 * 3_600_000;
/** A fix every second, all day and as much again; beyond it the oldest parts are left out, and that is told. */
const mostFixes = 180_000;
/** A tracker's clock may be this much ahead. */
const ahead = 5 * 60_000;

/** A van's way of a day. */
export class DayTrack {
  /** What is not in it was too much to read: it begins here. */
  since: Date | undefined;
  private lines: Line[] = [];

  get count(): number {
    return this.lines.reduce((sum, line) => sum + line.count, 0);
  }

  get metres(): number {
    return this.lines.reduce((sum, line, i) => sum + line.metres + (i ? metres(this.lines[i - 1]!.last!, line.first!) : 0), 0);
  }

  get points(): readonly Fix[] {
    return this.lines.flatMap(line => line.points);
  }

  get last(): Fix | undefined {
    return this.lines.at(-1)?.last;
  }

  /** What came before all that is there. */
  prepend(line: Line): void {
    if (line.count) {
      this.lines.unshift(line);
    }
  }

  /** What came after it; false when it did not. */
  append(fix: Fix): boolean {
    if (!this.lines.length) {
      this.lines.push(new Line());
    }

    return this.lines.at(-1)!.add(fix);
  }
}

/**
 * Reads a day into a track.
 * @param now What is later is not looked for.
 * @param told There is more in the track than before.
 */
export async function readDay(
  api: Api, id: string, from: Date, to: Date, now: number, track: DayTrack, signal: AbortSignal, told: () => void): Promise<void> {
  const newest = Math.max(0, Math.floor((Math.min(to.getTime() - 1, now + ahead) - from.getTime()) / part));
  for (let i = newest; i >= 0; i--) {
    const start = new Date(from.getTime() + i * part);
    const line = new Line();
    await readSpan(api, id, start, i === newest ? to : new Date(start.getTime() + part), signal, fix => line.add(fix));
    if (signal.aborted) {
      return;
    }

    track.prepend(line);
    if (i > 0 && track.count >= mostFixes) {
      track.since = start;
      return;
    }

    told();
  }
}

/** A van's fixes between two times, page by page. */
export async function readSpan(api: Api, id: string, from: Date, to: Date, signal: AbortSignal, take: (fix: Fix) => void): Promise<void> {
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ from: from.toISOString(), to: to.toISOString(), limit: String(pageSize), ...(cursor ? { cursor } : {}) });
    const page: Page<Fix> = await api.get<Page<Fix>>(`/api/vehicles/${id}/positions?${query}`, signal);
    page.items.forEach(take);
    cursor = page.nextCursor;
  } while (cursor);
}
