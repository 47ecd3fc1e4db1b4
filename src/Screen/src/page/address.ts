import { Signal } from './signal.ts';
import { read, start, write, type State } from './state.ts';

/**
 * A browser takes a hundred writings in half a minute. So many of them are made at once, as a reload takes the address as it was before
 * the page knew of it; the others, and what moves by itself, wait for one another.
 */
const atOnce = 40;
const halfAMinute = 30_000;
const pace = 500;

/** Keeps what the page shows in its address, and says when the reader goes back, or on, or types another. */
export class Address {
  /** Another state is asked for. */
  readonly asked = new Signal<State>();
  state: State = read(location.hash) ?? start;

  private timer = 0;
  /** What the address bar says as far as the page knows: another one was typed or followed, and its event is still to come. */
  private known = location.hash;
  /** When something was written at once. */
  private written: readonly number[] = [];

  constructor() {
    addEventListener('hashchange', () => this.onHash());
    addEventListener('pagehide', () => this.flush());
  }

  /** What is shown, without the moment of the past and without what a phone shows of it: under a name it is kept. */
  get lasting(): string {
    return write({ ...this.state, moment: undefined, tab: 'map' });
  }

  /** The page shows something else. What is open, the view and the past are steps that the reader can go back from. */
  set(part: Partial<State>): void {
    const next = { ...this.state, ...part };
    // Where another address is asked for, what is shown until then is written nowhere: it would be read in its place.
    if (write(next) === write(this.state) || location.hash !== this.known) {
      return;
    }

    const isStep = next.van !== this.state.van || next.view !== this.state.view || next.work?.id !== this.state.work?.id || (next.moment === undefined) !== (this.state.moment === undefined);
    if (isStep) {
      this.flush();
      this.state = next;
      history.pushState(null, '', write(next));
      this.known = location.hash;
    } else {
      this.state = next;
      if ('camera' in part || 'moment' in part || !this.mayAtOnce()) {
        this.timer ||= window.setTimeout(() => this.flush(), pace);
      } else {
        this.flush();
      }
    }
  }

  /** The page shows less than the address asked for: there is nothing to go back to. */
  amend(part: Partial<State>): void {
    this.state = { ...this.state, ...part };
    this.flush();
  }

  private mayAtOnce(): boolean {
    const now = performance.now();
    this.written = [...this.written.filter(at => at > now - halfAMinute), now].slice(0, atOnce + 1);
    return this.written.length <= atOnce;
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    if (location.hash === this.known && this.known !== write(this.state)) {
      history.replaceState(null, '', write(this.state));
      this.known = location.hash;
    }
  }

  private onHash(): void {
    this.known = location.hash;
    const asked = read(this.known);
    if (asked) {
      clearTimeout(this.timer);
      this.timer = 0;
      this.state = asked;
      this.asked.emit(asked);
    }
  }
}
