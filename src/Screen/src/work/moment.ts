import { serverTime } from '../page/server-clock.ts';

/** Of when the work is that is shown: of now, or of a moment of the past. */
export class Moment {
  private at: number | undefined;

  get isPast(): boolean {
    return this.at !== undefined;
  }

  /** Ms since 1970. */
  get time(): number {
    return this.at ?? serverTime();
  }

  /** What asks the server for it, as the last parameters of an address that has others; nothing for now. */
  get query(): string {
    return this.at === undefined ? '' : `&at=${encodeURIComponent(new Date(this.at).toISOString())}`;
  }

  /** @param at Ms since 1970; undefined: now. */
  put(at: number | undefined): void {
    this.at = at;
  }
}
