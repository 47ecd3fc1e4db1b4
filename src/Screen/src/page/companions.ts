import { Signal } from './signal.ts';
import type { State } from './state.ts';

/** What is open: a van, and a piece of work over it. */
export type Selection = Pick<State, 'van' | 'work'>;

interface Message {
  readonly selection: Selection;
  /** Of a window that shows one thing alone. */
  readonly isOnly: boolean;
}

/** Anything by which windows hear one another. */
export type Channel = Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>;

/**
 * The windows that belong together: what is opened in one is opened in those that show one thing alone, and what is opened there, in
 * the others. Two ordinary windows leave each other be: they are two pieces of work.
 */
export class Companions {
  readonly asked = new Signal<Selection>();

  private readonly channel: Channel;
  private readonly isOnly: boolean;
  private last = '';
  private telling: ReturnType<typeof setTimeout> | undefined;
  private isFollowing = false;

  constructor(channel: Channel, isOnly: boolean) {
    this.channel = channel;
    this.isOnly = isOnly;
    channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      const text = JSON.stringify(data.selection);
      if ((isOnly || data.isOnly) && text !== this.last) {
        this.last = text;
        // What another window opened is being opened here: nobody has to be told of it.
        this.isFollowing = true;
        this.asked.emit(data.selection);
        setTimeout(() => (this.isFollowing = false));
      }
    });
  }

  /** Something else is opened: one choice is several steps, and only where it ends is told. */
  tellSoon(selectionOf: () => Selection): void {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.isFollowing || this.tell(selectionOf()));
  }

  /** This window has that open; what it was told itself it does not tell again. */
  tell({ van, work }: Selection): void {
    const selection: Selection = { van, work };
    const text = JSON.stringify(selection);
    if (text !== this.last) {
      this.last = text;
      this.channel.postMessage({ selection, isOnly: this.isOnly } satisfies Message);
    }
  }
}
