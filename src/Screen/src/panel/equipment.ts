import type { Equipment } from '../api/types.ts';
import { day } from '../i18n/format.ts';
import { t, word } from '../i18n/language.ts';
import { h, replace } from '../page/dom.ts';

const tags: Readonly<Record<string, string>> = { needs_replacement: 'span.tag.warn', out_of_order: 'span.tag.bad' };

export function writeEquipment(element: HTMLElement, pieces: readonly Equipment[]): void {
  if (!pieces.length) {
    replace(element, h('p.quiet', {}, t('noEquipment')));
    return;
  }

  replace(element, h('ul.rows', {}, ...pieces.map(({ name, quantity, condition, lastChecked }) => h('li', {},
    h('span', {}, quantity === 1 ? name : `${quantity} × ${name}`),
    h((tags[condition] ?? 'span.tag') as 'span', {}, word('condition.', condition)),
    lastChecked ? h('small', {}, t('checked', { date: day(lastChecked) })) : null))));
}
