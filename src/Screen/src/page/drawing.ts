/** After a drawing the page has this many times as long for everything else: reading, scrolling, the map. */
const share = 4;
/** And no longer, ms: what a colleague does is to be seen within 200. */
const longest = 100;

interface Clock {
  readonly now: () => number;
  readonly frame: (run: () => void) => void;
  readonly wait: (run: () => void, ms: number) => void;
}

const pageClock: Clock = { now: () => performance.now(), frame: run => requestAnimationFrame(run), wait: (run, ms) => setTimeout(run, ms) };

/** A part of the page that is drawn as a whole: a burst of changes is one drawing, and a stream of them as many as the page bears. */
export class Drawing {
  private readonly draw: () => unknown;
  private readonly clock: Clock;
  private isFramed = false;
  private isWaiting = false;
  private took = 0;
  private endedAt = -Infinity;

  constructor(draw: () => unknown, clock: Clock = pageClock) {
    this.draw = draw;
    this.clock = clock;
  }

  /** With the next frame: the reader asked for it. */
  now(): void {
    if (!this.isFramed) {
      this.isFramed = true;
      this.clock.frame(() => {
        this.isFramed = false;
        const start = this.clock.now();
        this.draw();
        this.endedAt = this.clock.now();
        this.took = this.endedAt - start;
      });
    }
  }

  /** As soon as the page bears it: something changed by itself. */
  soon(): void {
    const wait = this.endedAt + Math.min(longest, this.took * share) - this.clock.now();
    if (wait <= 0) {
      this.now();
    } else if (!this.isWaiting) {
      this.isWaiting = true;
      this.clock.wait(() => {
        this.isWaiting = false;
        this.now();
      }, wait);
    }
  }
}
