import { h, replace } from '../page/dom.ts';
import { t, word } from '../i18n/language.ts';
import { minutesOf, span, urgencyOf, urgencyWord, windowOf } from '../work/facts.ts';
import type { Card } from '../work/types.ts';

/** A visit as a card: what it is and how urgent; for whom and where; when, how long and by whom. */
export class CardItem {
  readonly element: HTMLButtonElement;

  private written = '';

  constructor(id: string) {
    this.element = h('button.card-item', { type: 'button', 'data-visit': id });
  }

  /** @param who The crew in words; empty where nobody goes yet. @param now Ms since 1970. */
  write(card: Card, who: string, isSelected: boolean, now: number): void {
    const [urgency, told] = [urgencyOf(card, now), urgencyWord(card, now)];
    // Written again only where it differs: the reader may be on it, or be dragging it.
    const text = JSON.stringify([card, who, urgency, told, isSelected, document.documentElement.lang]);
    if (text === this.written) {
      return;
    }

    this.written = text;
    const { element } = this;
    element.dataset['urgency'] = urgency;
    element.dataset['status'] = card.status;
    element.ariaPressed = String(isSelected);
    const time = card.scheduledStart && card.scheduledEnd ? span(card.scheduledStart, card.scheduledEnd) : windowOf(card);
    replace(
      element,
      h('span.card-line', {}, h('span.card-number', {}, card.orderNumber), h('span.quiet', {}, word('visitType.', card.visitType)), h('span.card-urgency', {}, told)),
      h('span.card-line', {}, h('b', {}, card.customerName ?? t('nameless')), card.street && h('span.cut', {}, card.street), card.city && h('span.card-city', {}, card.city)),
      h('span.card-line.card-facts.quiet', {}, time && h('span', {}, time), h('span', {}, t('minutes', { n: minutesOf(card) })),
        ...card.requiredSkills.map(skill => h('span.skill', { title: word('skill.', skill) }, word('skill.', skill))),
        card.rescheduleCount > 2 && h('span', { title: t('rescheduled', { n: card.rescheduleCount }) }, `↻${card.rescheduleCount}`),
        h('span.brand-mark', { title: word('brand.', card.businessEntity) }, word('brand.', card.businessEntity).slice(0, 1)),
        h('span.card-who', {}, who || t('nobody'))));
  }
}
