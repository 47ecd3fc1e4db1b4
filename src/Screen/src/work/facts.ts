import { clock, duration } from '../i18n/format.ts';
import { t, word } from '../i18n/language.ts';
import type { Card, Slot, VisitStatus } from './types.ts';

const minute = 60_000;
/** Of a visit that nobody estimated, minutes. */
const usual = 60;
/** From so little room on it is told, minutes. */
const tight = 30;

export const columns = ['toPlan', 'planned', 'confirmed', 'underWay', 'onSite', 'done'] as const;
export type Column = (typeof columns)[number];

const places: Readonly<Record<VisitStatus, Column | undefined>> = {
  draft: 'toPlan', scheduled: 'planned', confirmed: 'confirmed', en_route: 'underWay', on_site: 'onSite', in_progress: 'onSite', paused: 'onSite',
  completed: 'done', incomplete: 'done', no_show: 'done', cancelled: undefined,
};

/** Where a visit stands on the board; nowhere when it is cancelled. */
export function columnOf({ status }: Card): Column | undefined {
  return places[status];
}

export function isOpen({ status }: Pick<Card, 'status'>): boolean {
  return places[status] !== 'done' && places[status] !== undefined;
}

/** Whether its time may still be changed: it has not set off. */
export function isMovable({ status }: Card): boolean {
  return status === 'draft' || status === 'scheduled' || status === 'confirmed';
}

export function minutesOf({ estimatedMinutes, scheduledStart, scheduledEnd }: Card): number {
  return scheduledStart && scheduledEnd ? Math.round((Date.parse(scheduledEnd) - Date.parse(scheduledStart)) / minute) : estimatedMinutes ?? usual;
}

export function slotOf(card: Card): Slot | undefined {
  return card.scheduledStart && card.scheduledEnd
    ? { start: Date.parse(card.scheduledStart), end: Date.parse(card.scheduledEnd), teamId: card.teamId ?? null, vehicleId: card.vehicleId ?? null }
    : undefined;
}

export type Urgency = 'bad' | 'warn' | 'urgent' | 'plain';

/** What of a visit needs somebody: too late, hardly in time, urgent. @param now Ms since 1970. */
export function urgencyOf(card: Card, now: number): Urgency {
  if (!isOpen(card)) {
    return card.status === 'completed' ? 'plain' : 'warn';
  }

  const late = latenessOf(card, now);
  return late > 0 ? 'bad'
    : card.forecast?.punctuality === 'at_risk' || (card.status !== 'draft' && late > -tight && notThere(card)) ? 'warn'
    : card.priorityLevel === 'urgent' || card.priorityLevel === 'high' ? 'urgent'
    : 'plain';
}

/** How many minutes it is later than it may be; below nothing for the room that is left. */
export function latenessOf(card: Card, now: number): number {
  if (!isOpen(card) || !notThere(card)) {
    return card.forecast?.lateMinutes || -Infinity;
  }

  const end = card.windowEnd ?? card.scheduledStart;
  const arrival = card.forecast ? Date.parse(card.forecast.arrival.expected) : now;
  return card.forecast?.lateMinutes || (end ? Math.round((arrival - Date.parse(end)) / minute) : -Infinity);
}

/** The word for it that stands at the right of a card. */
export function urgencyWord(card: Card, now: number): string {
  const late = latenessOf(card, now);
  return !isOpen(card) ? word('visitStatus.', card.status)
    : late > 0 ? t('lateBy', { time: minutesText(late) })
    : late > -tight && card.status !== 'draft' ? t('slackOf', { n: -late })
    : card.priorityLevel === 'normal' ? '' : word('priority.', card.priorityLevel);
}

/** So many minutes as a reader counts them: minutes, hours, days. */
export function minutesText(minutes: number): string {
  return minutes < 24 * 60 ? duration(minutes * minute) : `${Math.floor(minutes / 60 / 24)} d ${Math.floor(minutes / 60) % 24} ${t('hourSign')}`;
}

/** Words before times: two moments of one day. */
export function span(start: string | number, end: string | number): string {
  return `${clock(start)}–${clock(end)}`;
}

export function windowOf({ windowStart, windowEnd }: Card): string {
  return windowStart && windowEnd ? span(windowStart, windowEnd) : '';
}

export function placeOf({ street, city }: Card): string {
  return [street, city].filter(Boolean).join(', ');
}

/** Whether what is sought is in it. */
export function matches(card: Card, sought: string): boolean {
  const text = [
    card.customerName, card.street, card.city, card.number, card.orderNumber, word('brand.', card.businessEntity), word('visitType.', card.visitType),
    ...card.requiredSkills,
  ].join(' ').toLowerCase();
  return sought.toLowerCase().split(/\s+/).every(part => text.includes(part));
}

/** The most urgent first: the later the sooner; then as they are planned or promised. */
export function byUrgency(now: number): (a: Card, b: Card) => number {
  const ranks: Readonly<Record<Urgency, number>> = { bad: 0, warn: 1, urgent: 1, plain: 2 };
  // Of two thousand cards each is compared with eleven others.
  const known = new Map<Card, readonly [rank: number, late: number, time: number]>();
  const keysOf = (card: Card) => {
    let keys = known.get(card);
    if (!keys) {
      const urgency = urgencyOf(card, now);
      keys = [ranks[urgency], urgency === 'bad' ? latenessOf(card, now) : 0, Date.parse(card.scheduledStart ?? card.windowEnd ?? '') || Infinity];
      known.set(card, keys);
    }

    return keys;
  };
  return (a, b) => {
    const [[rank, late, time], [otherRank, otherLate, otherTime]] = [keysOf(a), keysOf(b)];
    return rank - otherRank || otherLate - late || (time < otherTime ? -1 : time > otherTime ? 1 : a.id < b.id ? -1 : 1);
  };
}

function notThere({ status }: Card): boolean {
  return status === 'draft' || status === 'scheduled' || status === 'confirmed' || status === 'en_route';
}
