import type { Api } from '../api/client.ts';
import { Problem, wordsOf } from '../api/problem.ts';
import { clock } from '../i18n/format.ts';
import { t } from '../i18n/language.ts';
import type { Notice } from '../page/notice.ts';
import { isMovable, minutesOf, slotOf } from './facts.ts';
import type { WorkStore } from './store.ts';
import type { Card, CheckAnswer, Slot } from './types.ts';

/** Plans visits: shown at once, told to the server, and taken back where the server or the reader says so. */
export class Planning {
  private readonly api: Api;
  private readonly store: WorkStore;
  private readonly notice: Notice;
  private readonly nameOf: (slot: Slot) => string;

  /** @param nameOf Who makes what is planned there, in words. */
  constructor(api: Api, store: WorkStore, notice: Notice, nameOf: (slot: Slot) => string) {
    this.api = api;
    this.store = store;
    this.notice = notice;
    this.nameOf = nameOf;
  }

  /** What a time and a crew would mean; nothing is changed. */
  check(card: Card, slot: Slot, signal: AbortSignal): Promise<CheckAnswer> {
    return this.api.ask(`/api/visits/${card.id}/check`, body(slot), signal);
  }

  /** Plans a visit there, unless somebody changed it since it was seen as this. */
  async plan(card: Card, slot: Slot): Promise<void> {
    const before = slotOf(card);
    this.store.foresee(card.id, {
      ...(card.status === 'draft' ? { status: 'scheduled' as const } : {}),
      scheduledStart: new Date(slot.start).toISOString(), scheduledEnd: new Date(slot.end).toISOString(), teamId: slot.teamId, vehicleId: slot.vehicleId,
    });
    try {
      const after = await this.send(card, card.status === 'draft' ? 'schedule' : 'reschedule', body(slot));
      this.notice.say(t('plannedOn', { who: this.nameOf(slot), time: clock(slot.start) }), {
        text: t('undo'),
        run: () => void this.takeBack(after, before),
      });
    } catch (fault) {
      const { text, now } = await this.explain(card, fault);
      // Over what is told now, and not over what comes after it.
      this.notice.fail(text, now && isMovable(now) ? { text: t('moveAnyway'), run: () => void this.plan(now, slot) } : undefined);
    } finally {
      this.store.foresee(card.id, undefined);
    }
  }

  /** Plans a visit there without a word to the reader; answers how it is taken back. */
  async put(card: Card, slot: Slot): Promise<() => Promise<Card>> {
    const before = slotOf(card);
    const after = await this.send(card, card.status === 'draft' ? 'schedule' : 'reschedule', body(slot));
    return () => this.restore(after, before);
  }

  private restore(card: Card, before: Slot | undefined): Promise<Card> {
    return before ? this.send(card, 'reschedule', { ...body(before), reason: t('undo') }) : this.send(card, 'unschedule', {});
  }

  private async takeBack(card: Card, before: Slot | undefined): Promise<void> {
    try {
      await this.restore(card, before);
      this.notice.say(t('undone'));
    } catch (fault) {
      this.notice.fail((await this.explain(card, fault)).text);
    }
  }

  private send(card: Card, action: string, told: unknown): Promise<Card> {
    return this.api.post<Card>(`/api/visits/${card.id}/actions/${action}`, told, crypto.randomUUID(), card.version);
  }

  /** Why it was not done. Whose change came first is told with what it says now, and the visit as it is now. */
  async explain(card: Card, fault: unknown): Promise<{ readonly text: string; readonly now?: Card }> {
    if (!(fault instanceof Problem && fault.code === 'stale-version')) {
      return { text: wordsOf(fault) };
    }

    const [now] = await this.api.get<Card[]>(`/api/desk/visits?ids=${card.id}`).catch(() => []);
    const slot = now && slotOf(now);
    const [change] = fault.changes;
    const by = change ? ` (${[change.actor?.name, clock(change.at)].filter(Boolean).join(', ')})` : '';
    return { text: slot ? t('plannedByOther', { who: this.nameOf(slot), time: clock(slot.start), by }) : wordsOf(fault), ...(now ? { now } : {}) };
  }
}

/** Where a visit would begin when it is put there; it takes as long as it does. */
export function slotAt(card: Card, start: number, who: Pick<Slot, 'teamId' | 'vehicleId'>): Slot {
  return { ...who, start, end: start + minutesOf(card) * 60_000 };
}

/** Both are always said: what is left out the server keeps, so that a move to a van alone would keep the team. */
function body({ start, end, teamId, vehicleId }: Slot): object {
  return { scheduledStart: new Date(start).toISOString(), scheduledEnd: new Date(end).toISOString(), teamId, vehicleId };
}
