import { word } from '../i18n/language.ts';
import type { Sort, Sorting } from '../page/state.ts';
import { byUrgency, minutesOf } from '../work/facts.ts';
import type { Card } from '../work/types.ts';

const collator = new Intl.Collator(undefined, { numeric: true });

/** The order of the rows; among equals the most urgent is first. @param now Ms since 1970. */
export function comparer({ by, isDown }: Sorting, whoOf: (card: Card) => string, now: number): (a: Card, b: Card) => number {
  const urgency = byUrgency(now);
  const read: Readonly<Record<Exclude<Sort, 'urgency'>, (card: Card) => string | number>> = {
    number: card => card.orderNumber,
    type: card => word('visitType.', card.visitType),
    customer: card => card.customerName ?? '',
    city: card => card.city ?? '',
    time: card => Date.parse(card.scheduledStart ?? card.windowStart ?? '') || Infinity,
    minutes: minutesOf,
    who: whoOf,
    status: card => word('visitStatus.', card.status),
  };
  if (by === 'urgency') {
    return isDown ? (a, b) => urgency(b, a) : urgency;
  }

  const sign = isDown ? -1 : 1;
  const known = new Map<Card, string | number>();
  const value = (card: Card) => {
    const told = known.get(card) ?? read[by](card);
    known.set(card, told);
    return told;
  };
  return (a, b) => {
    const [left, right] = [value(a), value(b)];
    // What has no name, or no time, is last either way.
    const blank = Number(left === '' || left === Infinity) - Number(right === '' || right === Infinity);
    return blank || sign * (typeof left === 'string' ? collator.compare(left, right as string) : left === right ? 0 : left < (right as number) ? -1 : 1) || urgency(a, b);
  };
}

/** What a press on the head of a column makes of the order: that column, and the other way round the second time. */
export function pressed(sorting: Sorting, by: Sort): Sorting {
  return { by, isDown: sorting.by === by && !sorting.isDown };
}
