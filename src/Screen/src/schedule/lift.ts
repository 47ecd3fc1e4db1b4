import { wordsOf } from '../api/problem.ts';
import { t } from '../i18n/language.ts';
import { Signal } from '../page/signal.ts';
import { span } from '../work/facts.ts';
import type { Planning } from '../work/commands.ts';
import type { Card, CheckAnswer, Slot } from '../work/types.ts';

/** So long it rests somewhere before the server is asked, ms. */
const rests = 120;
/** So many of the rules that are broken are told, the hard ones first. */
const mostTold = 3;

/** A visit that is taken up, and where it would be put down; what that would mean is asked of the server on the way. */
export class Lift {
  readonly changed = new Signal();
  card: Card | undefined;
  slot: Slot | undefined;
  answer: CheckAnswer | undefined;
  /** Why the server did not say what it would mean. */
  fault = '';

  private readonly planning: Planning;
  private asking = new AbortController();
  private timer = 0;

  constructor(planning: Planning) {
    this.planning = planning;
  }

  begin(card: Card, slot: Slot): void {
    this.card = card;
    this.slot = undefined;
    this.move(slot);
  }

  move(slot: Slot): void {
    const before = this.slot;
    if (before && before.start === slot.start && before.teamId === slot.teamId && before.vehicleId === slot.vehicleId) {
      return;
    }

    this.slot = slot;
    this.answer = undefined;
    this.fault = '';
    this.asking.abort();
    clearTimeout(this.timer);
    if (slot.teamId || slot.vehicleId) {
      this.timer = window.setTimeout(() => void this.ask(), rests);
    }

    this.changed.emit();
  }

  /** Puts it down where it is. */
  drop(): void {
    const { card, slot } = this;
    this.cancel();
    if (card && slot && (slot.teamId || slot.vehicleId)) {
      void this.planning.plan(card, slot);
    }
  }

  cancel(): void {
    if (!this.card) {
      return;
    }

    this.asking.abort();
    clearTimeout(this.timer);
    this.card = undefined;
    this.slot = undefined;
    this.answer = undefined;
    this.changed.emit();
  }

  private async ask(): Promise<void> {
    const { card, slot } = this;
    const { signal } = (this.asking = new AbortController());
    try {
      const answer = await this.planning.check(card!, slot!, signal);
      if (!signal.aborted) {
        this.answer = answer;
      }
    } catch (fault) {
      this.fault = signal.aborted ? '' : wordsOf(fault);
    }

    if (!signal.aborted) {
      this.changed.emit();
    }
  }
}

/** What putting it there means, in one sentence. @param who The crew in words. */
export function sentenceOf(slot: Slot, who: string, answer: CheckAnswer | undefined, fault = ''): string {
  const parts = [`${who} ${span(slot.start, slot.end)}`];
  if (answer) {
    if (typeof answer.addedTravelMinutes === 'number') {
      parts.push(t('addedTravel', { n: answer.addedTravelMinutes }));
    }

    if (typeof answer.slackMinutes === 'number') {
      parts.push(t('slackOf', { n: answer.slackMinutes }));
    }

    parts.push(...answer.violations.slice(0, mostTold).map(violationText));
    if (answer.violations.length > mostTold) {
      parts.push(t('andMore', { text: '…', n: answer.violations.length - mostTold }));
    }

    if (!answer.violations.length) {
      parts.push(t('fits'));
    }
  } else {
    parts.push(fault || t('checking'));
  }

  return parts.join(' · ');
}

/** The rule in the reader's language, and the particulars as the server says them. */
export function violationText({ rule, detail }: { readonly rule: string; readonly detail: string }): string {
  return `${ruleName(rule)}: ${detail}`;
}

function ruleName(rule: string): string {
  return t(`rule.${rule}` as 'rule.window');
}
