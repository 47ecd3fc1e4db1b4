import { wordsOf } from '../api/problem.ts';
import { t } from '../i18n/language.ts';
import { h, replace } from '../page/dom.ts';
import { placeOf, span } from '../work/facts.ts';
import type { Card } from '../work/types.ts';
import type { ActionField } from './action-form.ts';

/** Asks for the visit that a van has arrived at: those that it still has to make today. */
export class VisitField implements ActionField {
  private readonly select = h('select', { name: 'visitId', 'aria-describedby': 'visit-fault', required: true });
  private readonly fault = h('p.fault', { id: 'visit-fault', role: 'alert' });

  readonly element = h('div.field', {}, h('label', {}, t('visit'), this.select), this.fault);

  constructor(visits: Promise<readonly Card[]>) {
    replace(this.select, h('option', { value: '' }, t('loading')));
    void visits.then(cards => this.offer(cards), (fault: unknown) => this.tell(wordsOf(fault)));
    this.select.addEventListener('change', () => this.tell(''));
  }

  focus(): void {
    this.select.focus();
  }

  /** What was chosen; undefined, and told, when nothing was. */
  read(): object | undefined {
    const { value } = this.select;
    if (!value) {
      this.tell(t('visitMissing'));
      this.select.focus();
    }

    return value ? { visitId: value } : undefined;
  }

  private offer(cards: readonly Card[]): void {
    // Of several the reader chooses; the only one is meant.
    replace(this.select, cards.length === 1 ? null : h('option', { value: '' }, cards.length ? t('visitChoose') : t('visitNone')), ...cards.map(card => h(
      'option', { value: card.id },
      [card.scheduledStart && card.scheduledEnd && span(card.scheduledStart, card.scheduledEnd), card.customerName, placeOf(card)].filter(Boolean).join(' · '))));
  }

  private tell(text: string): void {
    this.fault.textContent = text;
    this.select.setAttribute('aria-invalid', String(text !== ''));
  }
}
