import { wordsOf } from '../api/problem.ts';
import { h, replace } from './dom.ts';

/** Says above the rows that they could not be read anew: what was read before is still worth more than nothing. */
export function tellFault(list: Element, fault: unknown): void {
  list.querySelector(':scope > .reading-fault')?.remove();
  const line = faultLine(wordsOf(fault));
  if ([...list.children].every(row => row.matches('.quiet'))) {
    replace(list, line);
  } else {
    list.prepend(line);
  }
}

export function faultLine(text: string): HTMLElement {
  return h('li.quiet.reading-fault', {}, text);
}
