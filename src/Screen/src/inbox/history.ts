import type { Page } from '../api/types.ts';
import type { Message } from './types.ts';

/** So many messages are read at first, and with each page of earlier ones. */
export const perPage = 50;
/** The most that is answered at once. */
const mostAtOnce = 500;

/** The messages of a conversation that are read, the newest of them and as many earlier ones as were asked for. */
export class History {
  messages: readonly Message[] = [];
  private cursor: string | null = null;

  get hasEarlier(): boolean {
    return this.cursor !== null;
  }

  /** What reads the newest anew, and those with them that are there. */
  get newest(): string {
    return `limit=${Math.min(mostAtOnce, Math.max(perPage, this.messages.length + 1))}&sort=-position`;
  }

  /** What reads those before the first. */
  get earlier(): string {
    return `limit=${perPage}&sort=-position&cursor=${encodeURIComponent(this.cursor ?? '')}`;
  }

  takeNewest({ items, nextCursor }: Page<Message>): void {
    const read = new Set(items.map(({ id }) => id));
    const before = this.messages.filter(({ id }) => !read.has(id));
    if (before.length < this.messages.length) {
      // They follow on what was there: what is older than the answer reaches stays.
      const first = Math.min(...items.map(placeOf));
      const older = before.filter(message => placeOf(message) < first);
      this.cursor = older.length ? this.cursor : nextCursor;
      this.messages = inOrder([...older, ...items]);
    } else {
      this.cursor = nextCursor;
      this.messages = inOrder(items);
    }
  }

  takeEarlier({ items, nextCursor }: Page<Message>): void {
    const known = new Set(this.messages.map(({ id }) => id));
    this.cursor = nextCursor;
    this.messages = inOrder([...items.filter(({ id }) => !known.has(id)), ...this.messages]);
  }
}

function placeOf({ position }: Message): number {
  return position ?? Infinity;
}

function inOrder(messages: readonly Message[]): readonly Message[] {
  return messages.toSorted((a, b) => placeOf(a) === placeOf(b) ? (a.createdAt < b.createdAt ? -1 : 1) : placeOf(a) - placeOf(b));
}
