import type { Change } from '../api/types.ts';
import { Signal } from '../page/signal.ts';
import type { Call, CallerCard, Ringing } from './types.ts';

/** How long a call that is over stays in sight, ms. */
const stays = 20_000;

/** The calls that ring, and those that are talked or were talked a moment ago. */
export class RingingCalls {
  readonly changed = new Signal();
  /** Somebody calls, who was not calling before. */
  readonly began = new Signal<Ringing>();

  /** Those that the reader needs no more. */
  private readonly closed = new Set<string>();
  private readonly calls = new Map<string, Ringing>();
  /** Of which calls something became known while they are asked for, for each question that has no answer yet. */
  private readonly questions = new Set<Set<string>>();
  private readonly clock: () => number;

  /** @param clock Ms since 1970. */
  constructor(clock: () => number) {
    this.clock = clock;
  }

  get all(): readonly Ringing[] {
    return [...this.calls.values()];
  }

  /**
   * Those that ring or are talked when the page is opened, or the connection comes back. An answer says nothing of a call of which something became
   * known while it was on its way: it may be of before.
   */
  async read(ask: () => Promise<readonly Ringing[]>): Promise<void> {
    const newer = new Set<string>();
    this.questions.add(newer);
    try {
      const ringing = (await ask()).filter(({ call }) => !newer.has(call.id));
      const now = new Set(ringing.map(({ call }) => call.id));
      for (const [id, { call }] of this.calls) {
        if (!now.has(id) && !newer.has(id) && !isOver(call)) {
          this.calls.delete(id);
        }
      }

      // One that the reader has put away stays away; one that rings again comes back.
      ringing.filter(({ call }) => !this.closed.has(call.id)).forEach(one => this.take(one));
      this.changed.emit();
    } finally {
      this.questions.delete(newer);
    }
  }

  follow({ type, entityType, entityId, data }: Change): void {
    if (entityType !== 'call' || !data) {
      return;
    }

    this.note(entityId);
    const { card, ...told } = data as unknown as Partial<Call> & { readonly card?: CallerCard };
    const known = this.calls.get(entityId);
    if (type === 'call.ringing' && card) {
      this.closed.delete(entityId);
      this.take({ call: { ...(told as Call), id: entityId }, card });
    } else if (known && told.status) {
      this.calls.set(entityId, { ...known, call: { ...known.call, ...told, id: entityId } });
    } else {
      return;
    }

    this.changed.emit();
  }

  /** The reader does not need it any more. */
  close(id: string): void {
    this.note(id);
    this.closed.add(id);
    this.calls.delete(id);
    this.changed.emit();
  }

  clear(): void {
    this.calls.clear();
    this.closed.clear();
    this.changed.emit();
  }

  /** Takes away what was over a while ago. */
  tidy(): void {
    for (const [id, { call }] of this.calls) {
      if (isOver(call) && this.clock() - Date.parse(call.endedAt ?? '1970-01-01') > stays) {
        this.close(id);
      }
    }
  }

  private note(id: string): void {
    this.questions.forEach(newer => newer.add(id));
  }

  private take(ringing: Ringing): void {
    const isNew = !this.calls.has(ringing.call.id);
    this.calls.set(ringing.call.id, ringing);
    if (isNew && isRinging(ringing.call)) {
      this.began.emit(ringing);
    }
  }
}

export function isRinging({ status }: Call): boolean {
  return status === 'initial' || status === 'ringing';
}

export function isOver({ status }: Call): boolean {
  return !isRinging({ status } as Call) && status !== 'answered';
}
