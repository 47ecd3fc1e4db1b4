import { Problem } from '../api/problem.ts';
import { backoff } from './backoff.ts';

/** The first repetition waits as long as the connection's third. */
const first = 2;
/** What says that there is no time now; any other refusal stays one however often it is asked. */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);

/** Repeats a reading that failed, later each time, until one comes: no change tells that there is something to read. */
export class Again {
  private readonly work: () => unknown;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(work: () => unknown) {
    this.work = work;
  }

  /** A reading failed; where it would fail again, it is not repeated. */
  failed(fault: unknown): void {
    this.pause();
    if (mayPass(fault)) {
      this.timer = setTimeout(this.work, backoff(first + this.failures++, Math.random()));
    }
  }

  /** A reading begins of its own accord. */
  pause(): void {
    clearTimeout(this.timer);
  }

  /** A reading came, or none is wanted any more. */
  stop(): void {
    this.pause();
    this.failures = 0;
  }
}

function mayPass(fault: unknown): boolean {
  return !(fault instanceof Problem) || fault.status === 0 || fault.status >= 500 || passing.has(fault.status);
}
