import { Problem, wordsOf } from '../api/problem.ts';
import { t } from '../i18n/language.ts';
import { h, replace } from '../page/dom.ts';

/** What was last asked for in each place: an answer that it overtook is old. */
const latest = new WeakMap<HTMLElement, object>();

/** A part of the panel that the server is asked for. What does not come is said in its place, and hurts no other part. */
export async function fill(element: HTMLElement, signal: AbortSignal, load: () => Promise<readonly (Node | string)[]>): Promise<void> {
  if (!element.hasChildNodes()) {
    replace(element, h('p.quiet', {}, t('loading')));
  }

  const mine = {};
  latest.set(element, mine);
  let children: readonly (Node | string)[];
  try {
    children = await load();
  } catch (fault) {
    children = [h('p.quiet', {}, explain(fault))];
  }

  // What writes itself anew in its place keeps the reader's place in it.
  const isThere = children.length === element.childNodes.length && children.every((child, i) => child === element.childNodes[i]);
  if (!signal.aborted && latest.get(element) === mine && !isThere) {
    replace(element, ...children);
  }
}

function explain(fault: unknown): string {
  if (fault instanceof Problem) {
    switch (fault.status) {
      case 403: return t('forbidden');
      case 404: return t('notOnServer');
    }
  }

  return wordsOf(fault);
}
