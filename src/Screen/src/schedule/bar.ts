import { clock } from '../i18n/format.ts';
import { t, word } from '../i18n/language.ts';
import { h, replace } from '../page/dom.ts';
import { minutesText, span, urgencyOf, windowOf } from '../work/facts.ts';
import type { Card } from '../work/types.ts';
import type { Axis } from './axis.ts';
import { missingSkills, type Row } from './rows.ts';

const quarter = 15 * 60_000;
/** Narrower bars have room for the town, or for nothing. */
const [roomForTown, roomForDelay, roomForAll] = [28, 52, 90] as const;

/** What a bar is drawn by, beside its visit. */
export interface Ground {
  readonly axis: Axis;
  readonly day: string;
  /** The moment that is shown, ms since 1970. */
  readonly now: number;
}

/** A visit on its crew's line: where it is planned, what was promised, what happened and what is expected. */
export class Bar {
  readonly element: HTMLButtonElement;

  private written = '';

  constructor(id: string) {
    this.element = h('button.slot', { type: 'button', 'data-visit': id });
  }

  /** @param isClash Another visit of the crew is at the same time. @param isRaised The line of its promise lies above another one's. */
  write(card: Card, row: Row, isClash: boolean, isRaised: boolean, isSelected: boolean, ground: Ground): void {
    const [{ axis, day, now }, { element }] = [ground, this];
    const [start, end] = [Date.parse(card.scheduledStart!), Date.parse(card.scheduledEnd!)];
    const [left, right] = [Math.max(0, axis.xOf(day, start)), Math.min(axis.length, axis.xOf(day, end))];
    const [width, missing, urgency] = [Math.max(10, right - left), missingSkills(card, row), urgencyOf(card, now)];
    const later = card.forecast ? Math.round((Date.parse(card.forecast.arrival.expected) - start) / 60_000) : 0;
    const isOutside = Boolean(card.windowStart && card.windowEnd && (start < Date.parse(card.windowStart) || start > Date.parse(card.windowEnd)));
    const notes = [
      isClash && t('atOnce'), missing.length && t('missingSkills', { skills: missing.map(skill => word('skill.', skill)).join(', ') }),
      isOutside && t('outsideWindow', { window: windowOf(card) }), later > 4 && t('lateBy', { time: minutesText(later) }),
    ].filter(note => typeof note === 'string');
    // Written again only where it differs: the reader may be on it, or be dragging it.
    const text = JSON.stringify([
      card, left, width, notes, isRaised, isSelected, urgency, card.arrivedAt && !card.endedAt ? Math.round(now / quarter) : 0, document.documentElement.lang]);
    if (text === this.written) {
      return;
    }

    this.written = text;
    element.style.left = `${left}px`;
    element.style.width = `${width}px`;
    element.dataset['status'] = card.status;
    element.dataset['urgency'] = urgency;
    element.classList.toggle('clash', isClash);
    element.ariaPressed = String(isSelected);
    const label = [clock(start), card.customerName, card.city].filter(Boolean).join(' ');
    // What is read of it begins with what is seen of it.
    element.setAttribute('aria-label', [
      label, span(start, end), word('visitType.', card.visitType), word('visitStatus.', card.status), ...notes,
    ].filter(Boolean).join(', '));
    element.title = [label, ...notes].join('\n');
    const shown = width < roomForTown ? '' : width < roomForAll ? card.city ?? '' : label;
    // Written by the style, as its name has it in words.
    element.dataset['later'] = later > 4 && width >= roomForDelay ? `+${later < 60 ? later : minutesText(later)}` : '';
    replace(element, h('span.cut', {}, shown));
    if (card.windowStart && card.windowEnd) {
      element.append(mark(['window', isOutside && 'outside', isRaised && 'raised'].filter(Boolean).join(' '), Date.parse(card.windowStart), Date.parse(card.windowEnd), left, ground));
    }

    const began = card.arrivedAt ?? card.startedAt ?? card.enRouteAt;
    if (began) {
      element.append(mark('actual', Date.parse(began), card.endedAt ? Date.parse(card.endedAt) : now, left, ground));
    } else if (card.forecast && later > 4) {
      element.append(mark('expected', Date.parse(card.forecast.arrival.expected), Date.parse(card.forecast.end.expected), left, ground));
    }
  }
}

/** A thin line beside a bar, of other times than the bar's. @param origin Where the bar begins, pixels. */
function mark(name: string, start: number, end: number, origin: number, { axis, day }: Ground): HTMLElement {
  const [left, right] = [Math.max(0, axis.xOf(day, start)), Math.min(axis.length, axis.xOf(day, end))];
  const line = h('i', { class: `mark ${name}`, 'aria-hidden': 'true' });
  line.style.left = `${left - origin}px`;
  line.style.width = `${Math.max(2, right - left)}px`;
  return line;
}
