import type { Change } from '../api/types.ts';

/**
 * Gives each change once and in order. Changes may overtake the answer to the watch that they belong to, so what comes
 * before the answer waits for it.
 */
export class Sequencer {
  private last: number | undefined;
  private waiting: Change[] | undefined;

  /** The last sequence that was given out or covered by a snapshot; undefined before the first snapshot. */
  get sequence(): number | undefined {
    return this.last;
  }

  /** A watch was asked for: hold back what comes until it is answered. */
  ask(): void {
    this.waiting = [];
  }

  /** Forgets the place in the order, for a fresh snapshot. */
  forget(): void {
    this.last = undefined;
  }

  /** The watch was answered. What is to be applied on top of its snapshot, in order. */
  answer(sequence: number, resumed: boolean, missed: readonly Change[]): { missed: readonly Change[]; later: readonly Change[] } {
    const waited = this.waiting ?? [];
    this.waiting = undefined;
    const fresh = resumed ? this.newer(missed) : [];
    this.last = Math.max(resumed ? this.last ?? 0 : 0, sequence);
    return { missed: fresh, later: this.newer(waited) };
  }

  /** Changes came. Those to be applied now, in order. */
  take(changes: readonly Change[]): readonly Change[] {
    if (this.waiting) {
      this.waiting.push(...changes);
      return [];
    }

    return this.newer(changes);
  }

  private newer(changes: readonly Change[]): readonly Change[] {
    const fresh: Change[] = [];
    for (const change of changes.toSorted((a, b) => a.sequence - b.sequence)) {
      if (this.last === undefined || change.sequence > this.last) {
        this.last = change.sequence;
        fresh.push(change);
      }
    }

    return fresh;
  }
}
