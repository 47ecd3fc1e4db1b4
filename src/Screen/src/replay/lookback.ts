import type { Moment } from '../work/moment.ts';

/** So long the hand rests on a moment before the server is asked for its work, ms. */
const rest = 150;
/** While the replay runs the work is asked for so often at most, ms; and never before the last answer is there. */
const pace = 2_000;

interface Clock {
  readonly now: () => number;
  readonly wait: (run: () => void, ms: number) => number;
  readonly forget: (timer: number) => void;
}

const wallClock: Clock = { now: () => performance.now(), wait: (run, ms) => window.setTimeout(run, ms), forget: timer => clearTimeout(timer) };

/** Follows the replay with the work: each moment that is rested on is asked for once, and a running one from time to time. */
export class Lookback {
  private readonly moment: Moment;
  private readonly load: () => Promise<unknown>;
  private readonly clock: Clock;
  private wanted: number | undefined;
  private timer = 0;
  private asked = 0;
  private askedAt = -Infinity;
  private isWaiting = false;

  /** @param load Asks for the work of the moment, and gives up what was asked before. */
  constructor(moment: Moment, load: () => Promise<unknown>, clock: Clock = wallClock) {
    this.moment = moment;
    this.load = load;
    this.clock = clock;
  }

  /** @param at Ms since 1970; undefined: it is looked at no more. */
  show(at: number | undefined, isRunning: boolean): void {
    if (at === undefined) {
      this.clock.forget(this.timer);
      this.wanted = undefined;
      this.askedAt = -Infinity;
      return;
    }

    if (at === this.wanted) {
      return;
    }

    this.wanted = at;
    if (!isRunning) {
      this.clock.forget(this.timer);
      this.timer = this.clock.wait(() => this.ask(), rest);
    } else if (!this.isWaiting && this.clock.now() - this.askedAt >= pace) {
      this.clock.forget(this.timer);
      this.ask();
    }
  }

  private ask(): void {
    this.moment.put(this.wanted);
    this.askedAt = this.clock.now();
    this.isWaiting = true;
    const mine = ++this.asked;
    void this.load().finally(() => (this.isWaiting = this.isWaiting && mine !== this.asked));
  }
}
