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

  private readonly calls = new Map<string, Ringing>();
  private readonly clock: () => number;

  /** @param clock Ms since 1970. */
  constructor(clock: () => number) {
    this.clock = clock;
  }

  get all(): readonly Ringing[] {
    return [...this.calls.values()];
  }

  /** Those that rang when the page was opened, or the connection came back. */
  replaceAll(calls: readonly Ringing[]): void {
    const now = new Set(calls.map(({ call }) => call.id));
    for (const [id, { call }] of this.calls) {
      if (!now.has(id) && isRinging(call)) {
        this.calls.delete(id);
      }
    }

    calls.forEach(ringing => this.take(ringing));
    this.changed.emit();
  }

  follow({ type, entityType, entityId, data }: Change): void {
    if (entityType !== 'call' || !data) {
      return;
    }

    const { card, ...told } = data as unknown as Partial<Call> & { readonly card?: CallerCard };
    const known = this.calls.get(entityId);
    if (type === 'call.ringing' && card) {
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
    this.calls.delete(id);
    this.changed.emit();
  }

  clear(): void {
    this.calls.clear();
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

  private take(ringing: Ringing): void {
    const isNew = !this.calls.has(ringing.call.id);
    this.calls.set(ringing.call.id, ringing);
    if (isNew) {
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
