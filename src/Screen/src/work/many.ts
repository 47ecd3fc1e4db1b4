import type { Api } from '../api/client.ts';
import { reasonOf, wordsOf } from '../api/problem.ts';
import type { ActionOption } from '../api/types.ts';
import { clock } from '../i18n/format.ts';
import { t, word } from '../i18n/language.ts';
import type { Session } from '../login/session.ts';
import { byId, h, replace, setText } from '../page/dom.ts';
import type { Notice } from '../page/notice.ts';
import { violationText } from '../schedule/lift.ts';
import type { Planning } from './commands.ts';
import { isMovable, span } from './facts.ts';
import type { WorkStore } from './store.ts';
import type { Candidate, Card, Slot } from './types.ts';

/** So many are done at once: more is no choice any more. */
const most = 50;
/** So many questions are under way at once. */
const sideBySide = 4;

type Kind = 'plan' | 'hold';

/** What is known of one of the many. */
interface Line {
  readonly card: Card;
  state: 'asking' | 'possible' | 'refused' | 'done' | 'failed';
  text: string;
}

/** Whether one can be done, and how; or why not. */
interface Finding {
  readonly isPossible: boolean;
  readonly text: string;
}

/** The same for many visits: what would come of each is told before, what came of each after, and all that was done can be undone. */
export class Many {
  private readonly api: Api;
  private readonly session: Session;
  private readonly store: WorkStore;
  private readonly planning: Planning;
  private readonly notice: Notice;
  private readonly dialog = byId<HTMLDialogElement>('many');
  private readonly crew = byId<HTMLSelectElement>('many-crew');
  private readonly reason = byId<HTMLInputElement>('many-reason');
  private readonly state = byId('many-state');
  private readonly list = byId('many-list');
  private readonly go = byId<HTMLButtonElement>('many-go');
  private kind: Kind = 'plan';
  private lines: Line[] = [];
  private candidates = new Map<string, readonly Candidate[]>();
  private asking = new AbortController();
  private isBusy = false;

  constructor(api: Api, session: Session, store: WorkStore, planning: Planning, notice: Notice) {
    this.api = api;
    this.session = session;
    this.store = store;
    this.planning = planning;
    this.notice = notice;
    byId('many-close').addEventListener('click', () => this.dialog.close());
    this.dialog.addEventListener('close', () => this.asking.abort());
    this.dialog.addEventListener('cancel', event => this.isBusy && event.preventDefault());
    byId<HTMLFormElement>('many-form').addEventListener('submit', event => {
      event.preventDefault();
      void this.carryOut();
    });
    this.crew.addEventListener('change', () => this.judge());
  }

  /** Shows what would come of each. */
  open(kind: Kind, cards: readonly Card[]): void {
    const permission = kind === 'plan' ? 'visits.write' : 'orders.write';
    if (!this.session.may(permission)) {
      return this.notice.fail(t('noPermission', { permission }));
    }

    if (cards.length > most) {
      return this.notice.fail(t('manyMost', { n: most }));
    }

    this.kind = kind;
    this.candidates.clear();
    this.lines = onePerOrder(kind, cards).map(card => ({ card, state: 'asking', text: t('loading') }));
    setText(byId('many-title'), t(kind === 'plan' ? 'manyPlanTitle' : 'manyHoldTitle', { n: this.lines.length }));
    setText(this.go, t(kind === 'plan' ? 'manyPlan' : 'manyHold'));
    byId('many-crew-box').hidden = kind !== 'plan';
    byId('many-reason-box').hidden = kind !== 'hold';
    replace(this.crew, h('option', { value: '' }, t('manyBest')), ...this.store.crews.map(({ teamId, name }) => h('option', { value: teamId }, name)));
    this.reason.value = '';
    this.asking.abort();
    this.asking = new AbortController();
    this.write();
    this.dialog.showModal();
    void this.ask(this.asking.signal);
  }

  private async ask(signal: AbortSignal): Promise<void> {
    const waiting = [...this.lines];
    const work = async () => {
      for (let line = waiting.shift(); line && !signal.aborted; line = waiting.shift()) {
        try {
          if (this.kind === 'plan') {
            if (isMovable(line.card)) {
              this.candidates.set(line.card.id, await this.candidatesOf(line.card, signal));
            }

            this.tell(line, this.planFinding(line.card));
          } else {
            this.tell(line, await this.holdFinding(line.card, signal));
          }
        } catch (fault) {
          this.tell(line, { isPossible: false, text: wordsOf(fault) });
        }

        if (!signal.aborted) {
          this.write();
        }
      }
    };
    await Promise.all(Array.from({ length: sideBySide }, work));
  }

  private tell(line: Line, { isPossible, text }: Finding): void {
    [line.state, line.text] = [isPossible ? 'possible' : 'refused', text];
  }

  /** Another crew: what was asked of the server says enough. */
  private judge(): void {
    for (const line of this.lines.filter(({ state }) => state === 'possible' || state === 'refused')) {
      this.tell(line, this.planFinding(line.card));
    }

    this.write();
  }

  private candidatesOf(card: Card, signal?: AbortSignal): Promise<readonly Candidate[]> {
    return this.api.get<Candidate[]>(`/api/visits/${card.id}/candidates?day=${this.store.day}`, signal);
  }

  private planFinding(card: Card): Finding {
    if (!isMovable(card)) {
      return { isPossible: false, text: t('notMovable', { status: word('visitStatus.', card.status) }) };
    }

    const found = bestOf(this.candidates.get(card.id) ?? [], this.crew.value);
    return found?.slot ? { isPossible: true, text: `${span(found.slot.start, found.slot.end)} · ${found.name}` } : { isPossible: false, text: found?.why || t('noRoom') };
  }

  private async holdFinding({ orderId }: Card, signal: AbortSignal): Promise<Finding> {
    const option = (await this.api.get<ActionOption[]>(`/api/orders/${orderId}/actions`, signal)).find(({ action }) => action === 'hold');
    return option?.allowed ? { isPossible: true, text: t('manyHoldPossible') } : { isPossible: false, text: option?.unmet.map(reasonOf).join('; ') || t('notAllowed', { reasons: '' }) };
  }

  /** One after the other: where one is planned, the next has less room. */
  private async carryOut(): Promise<void> {
    const possible = this.lines.filter(({ state }) => state === 'possible');
    if (this.isBusy || !possible.length) {
      return;
    }

    const reason = this.reason.value.trim();
    if (this.kind === 'hold' && !reason) {
      setText(this.state, t('required'));
      this.reason.focus();
      return;
    }

    this.isBusy = true;
    this.write();
    const undo: (() => Promise<unknown>)[] = [];
    for (const line of possible) {
      try {
        const [text, back] = this.kind === 'plan' ? await this.plan(line.card) : await this.hold(line.card, reason);
        [line.state, line.text] = ['done', text];
        undo.push(back);
      } catch (fault) {
        [line.state, line.text] = ['failed', wordsOf(fault)];
      }

      this.write();
    }

    this.isBusy = false;
    this.write();
    if (undo.length) {
      this.notice.say(t('manyDone', { n: undo.length, all: this.lines.length }), { text: t('undo'), run: () => void this.takeBack(undo) });
    }

    if (undo.length === this.lines.length) {
      this.dialog.close();
    }
  }

  private async plan(card: Card): Promise<readonly [string, () => Promise<unknown>]> {
    // What was planned a moment ago took room.
    const found = bestOf(await this.candidatesOf(card), this.crew.value);
    if (!found?.slot) {
      throw new Error(found?.why || t('noRoom'));
    }

    const back = await this.planning.put(card, found.slot);
    return [t('plannedOn', { who: found.name, time: clock(found.slot.start) }), back];
  }

  private async hold({ orderId }: Card, reason: string): Promise<readonly [string, () => Promise<unknown>]> {
    await this.api.post(`/api/orders/${orderId}/actions/hold`, { reason }, crypto.randomUUID());
    return [word('orderStatus.', 'on_hold'), () => this.api.post(`/api/orders/${orderId}/actions/resume`, { reason: t('undo') }, crypto.randomUUID())];
  }

  /** The last first, as each was decided on what came before it. */
  private async takeBack(undo: readonly (() => Promise<unknown>)[]): Promise<void> {
    const faults = new Set<string>();
    for (const back of undo.toReversed()) {
      await back().catch((fault: unknown) => faults.add(wordsOf(fault)));
    }

    if (faults.size) {
      this.notice.fail([...faults].join(' '));
    } else {
      this.notice.say(t('undone'));
    }
  }

  private write(): void {
    const count = (state: Line['state']) => this.lines.filter(line => line.state === state).length;
    const possible = count('possible');
    setText(this.state, count('asking') ? t('loading')
      : t('manyState', { possible: possible + count('done'), refused: count('refused') + count('failed') }));
    this.go.disabled = this.isBusy || !possible;
    this.crew.disabled = this.isBusy;
    replace(this.list, ...this.lines.map(({ card, state, text }) => h('li', { 'data-visit': card.id, 'data-state': state },
      h('b', {}, card.customerName ?? card.orderNumber), h('span.quiet', {}, [card.city, card.orderNumber].filter(Boolean).join(' · ')), h('span.outcome', {}, text))));
  }
}

/** A visit is planned by itself; what is done to an order is done once, for all of its visits. */
export function onePerOrder(kind: Kind, cards: readonly Card[]): readonly Card[] {
  return kind === 'plan' ? cards : cards.filter((card, i) => cards.findIndex(({ orderId }) => orderId === card.orderId) === i);
}

/** The best that can be had, of one team or of all; without a slot: why not. */
export function bestOf(candidates: readonly Candidate[], teamId: string): { readonly name: string; readonly slot?: Slot; readonly why: string } | undefined {
  const meant = candidates.filter(candidate => !teamId || candidate.teamId === teamId);
  const found = meant.find(({ planned, answer }) => planned && answer.feasible) ?? meant[0];
  if (!found) {
    return undefined;
  }

  const { name, planned, answer, teamId: team = null, vehicleId = null } = found;
  return {
    name, why: answer.violations.map(violationText).join(' · '),
    ...(planned && answer.feasible ? { slot: { start: Date.parse(planned.start), end: Date.parse(planned.end), teamId: team, vehicleId } } : {}),
  };
}
