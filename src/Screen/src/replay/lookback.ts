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
  private readonly load: (isRunning: boolean) => Promise<unknown>;
  private readonly behind: (isBehind: boolean) => void;
  private readonly clock: Clock;
  private wanted: number | undefined;
  private shown: number | undefined;
  private isRunning = false;
  private isBehind = false;
  private timer = 0;
  private asked = 0;
  private askedAt = -Infinity;
  private isWaiting = false;

  /**
   * @param load Asks for the work of the moment, and gives up what was asked before.
   * @param behind What is shown is of another moment than the one that is wanted, until its answer is there.
   */
  constructor(moment: Moment, load: (isRunning: boolean) => Promise<unknown>, behind: (isBehind: boolean) => void, clock: Clock = wallClock) {
    this.moment = moment;
    this.load = load;
    this.behind = behind;
    this.clock = clock;
  }

  /** @param at Ms since 1970; undefined: it is looked at no more. */
  show(at: number | undefined, isRunning: boolean): void {
    if (at === undefined) {
      this.clock.forget(this.timer);
      this.wanted = undefined;
      this.shown = undefined;
      this.askedAt = -Infinity;
      this.isWaiting = false;
      this.tell();
      return;
    }

    // Where a running one stops is asked for, also where the clock has not moved since.
    if (at === this.wanted && isRunning === this.isRunning) {
      return;
    }

    [this.wanted, this.isRunning] = [at, isRunning];
    this.tell();
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
    const [mine, of] = [++this.asked, this.wanted];
    this.tell();
    void this.load(this.isRunning).finally(() => {
      // What was overtaken, or is looked at no more, says nothing.
      if (mine === this.asked && this.isWaiting) {
        this.isWaiting = false;
        this.shown = of;
        this.tell();
      }
    });
  }

  /** A replay that runs is always a little ahead of what is shown: only what it waits for is told. */
  private tell(): void {
    const isBehind = this.wanted !== undefined && (this.isRunning ? this.isWaiting : this.wanted !== this.shown);
    if (isBehind !== this.isBehind) {
      this.isBehind = isBehind;
      this.behind(isBehind);
    }
  }
}
