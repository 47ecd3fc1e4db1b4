import { Signal } from '../page/signal.ts';
import { leftOf, type Tokens } from './tokens.ts';

/** Why a session is over: the reader left, or the server refuses it. */
export type Ending = 'left' | 'ended';

type Message =
  | { readonly kind: 'ask' }
  | { readonly kind: 'tokens'; readonly tokens: Tokens }
  | { readonly kind: 'end'; readonly how: Ending };

const name = 'chargecars.session';
/** A window that is in the background may take a moment to answer, ms. */
const patience = 1_000;

/** The other windows and tabs of this browser, which share one session. */
export interface Windows {
  /** Another window signed in, or renewed the tokens. */
  readonly tokens: Signal<Tokens>;
  readonly ended: Signal<Ending>;
  /** The newest tokens that another window has. */
  ask(): Promise<Tokens | undefined>;
  /** This window has these tokens, for those who ask. */
  hold(tokens: Tokens): void;
  /** Tells the others what this window holds. */
  tell(): void;
  end(how: Ending): void;
  /** One window at a time. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** Speaks to them through the browser, which lets no page of another origin listen. */
export class BrowserWindows implements Windows {
  readonly tokens = new Signal<Tokens>();
  readonly ended = new Signal<Ending>();

  private readonly channel = new BroadcastChannel(name);
  /** A browser without locks, as on a page that is not secure, only waits longer. */
  private readonly locks: LockManager | undefined = navigator.locks;
  private mine: Tokens | undefined;
  private leave: (() => void) | undefined;

  constructor() {
    this.channel.addEventListener('message', ({ data }: MessageEvent<Message>) => this.onMessage(data));
  }

  async ask(): Promise<Tokens | undefined> {
    const others = await this.countOthers();
    if (others === 0) {
      return undefined;
    }

    return new Promise(resolve => {
      let [newest, answers]: [Tokens | undefined, number] = [undefined, 0];
      const done = () => {
        clearTimeout(timer);
        stop();
        resolve(newest);
      };
      const timer = setTimeout(done, patience);
      const stop = this.tokens.on(tokens => {
        newest = newest && leftOf(newest) > leftOf(tokens) ? newest : tokens;
        if (++answers === others) {
          done();
        }
      });
      this.send({ kind: 'ask' });
    });
  }

  hold(tokens: Tokens): void {
    this.mine = tokens;
    this.enter();
  }

  tell(): void {
    if (this.mine) {
      this.send({ kind: 'tokens', tokens: this.mine });
    }
  }

  end(how: Ending): void {
    this.forget();
    this.send({ kind: 'end', how });
  }

  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.locks ? this.locks.request(`${name}.renew`, work) as Promise<T> : work();
  }

  private onMessage(message: Message): void {
    switch (message.kind) {
      case 'ask':
        return this.tell();
      case 'tokens':
        return this.tokens.emit(message.tokens);
      case 'end':
        this.forget();
        return this.ended.emit(message.how);
    }
  }

  private send(message: Message): void {
    this.channel.postMessage(message);
  }

  /** A window that is signed in holds a lock, so that the others know of it; it also keeps the browser from putting it to sleep. */
  private enter(): void {
    if (!this.leave) {
      const over = new Promise<void>(resolve => (this.leave = resolve));
      void this.locks?.request(name, { mode: 'shared' }, () => over);
    }
  }

  private forget(): void {
    this.mine = undefined;
    this.leave?.();
    this.leave = undefined;
  }

  /** How many other windows are signed in; where the browser does not tell, some. */
  private async countOthers(): Promise<number> {
    const { held = [] } = (await this.locks?.query()) ?? { held: [{ name }] };
    return Math.max(0, held.filter(lock => lock.name === name).length - (this.locks && this.leave ? 1 : 0));
  }
}
