import { number } from '../i18n/format.ts';
import { languageChanged, t, word } from '../i18n/language.ts';
import { h, replace, setText } from '../page/dom.ts';
import { Signal } from '../page/signal.ts';
import { byDefault, sorts, type Sort, type Sorting } from '../page/state.ts';
import { minutesOf, span, urgencyOf, urgencyWord, windowOf } from '../work/facts.ts';
import type { Card } from '../work/types.ts';
import { Selection } from './selection.ts';
import { comparer, pressed } from './sorting.ts';

/** As visit-list.css has it: on a phone a row has two lines. */
const phone = matchMedia('(max-width: 700px)');
let rowHeight = heightOf();
const spare = 8;

/** The visits as rows under one another, in any order, of which several can be chosen. Only the rows in sight are elements. */
export class VisitList {
  readonly element: HTMLElement;
  readonly chosen = new Signal<Card>();
  readonly sorted = new Signal<Sorting>();
  /** What is to be done with all that are chosen. */
  readonly manyWanted = new Signal<'plan' | 'hold'>();
  sorting: Sorting = byDefault;

  private readonly whoOf: (card: Card) => string;
  private readonly selection = new Selection();
  private readonly heads = new Map<Sort, HTMLButtonElement>();
  private readonly rows = new Map<string, Row>();
  private readonly space = h('div.visit-space', { role: 'presentation' });
  private readonly box: HTMLElement;
  private readonly bar: HTMLElement;
  private readonly count = h('b', { role: 'status' });
  private readonly actions: Readonly<Record<'plan' | 'hold', HTMLButtonElement>>;
  private readonly none = h('button.link', { type: 'button' });
  private shown: readonly Card[] = [];
  private active: string | undefined;
  private opened: string | undefined;
  private now = 0;
  private isWhole = false;

  constructor(whoOf: (card: Card) => string) {
    this.whoOf = whoOf;
    for (const sort of sorts) {
      this.heads.set(sort, h('button', { type: 'button', 'data-sort': sort, onclick: () => this.sort(sort) }));
    }

    this.box = h('div.visit-rows', { role: 'listbox', tabindex: 0, 'aria-multiselectable': 'true' }, this.space);
    const action = (name: 'plan' | 'hold') => h('button.chip', { type: 'button', 'data-many': name, onclick: () => this.manyWanted.emit(name) });
    this.actions = { plan: action('plan'), hold: action('hold') };
    this.bar = h('div.many-bar', { role: 'toolbar' }, this.count, this.actions.plan, this.actions.hold, this.none);
    this.none.addEventListener('click', () => {
      this.selection.clear();
      this.draw();
      this.box.focus();
    });
    this.element = h('div.visit-list', {}, this.bar, h('div.visit-heads', { role: 'group' }, h('span.tick'), ...this.heads.values()), this.box);
    this.box.addEventListener('scroll', () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(this.box);
    this.box.addEventListener('click', event => this.onClick(event));
    this.box.addEventListener('keydown', event => this.onKey(event));
    this.box.addEventListener('focus', () => this.activate(this.active ?? this.opened ?? this.shown[0]?.id));
    languageChanged.on(() => this.label());
    phone.addEventListener('change', () => {
      rowHeight = heightOf();
      this.draw();
    });
    this.label();
  }

  /** The visits that are chosen, as they stand in the list. */
  get many(): readonly Card[] {
    return this.shown.filter(({ id }) => this.selection.has(id));
  }

  /** @param opened The visit whose panel is open. @param now Ms since 1970. */
  show(cards: readonly Card[], opened: string | undefined, now: number): void {
    this.now = now;
    this.shown = cards.toSorted(comparer(this.sorting, this.whoOf, now));
    this.selection.keep(this.shown.map(({ id }) => id));
    if (opened !== this.opened) {
      this.opened = opened;
      this.active = opened ?? this.active;
    }

    this.draw();
  }

  /** The past is looked at and not changed. */
  freeze(isPast: boolean): void {
    for (const button of Object.values(this.actions)) {
      button.disabled = isPast;
      button.title = isPast ? t('actionsOfNow', { live: t('replayClose') }) : '';
    }
  }

  focus(): void {
    this.box.focus();
  }

  flash(ids: readonly string[]): void {
    for (const id of ids) {
      const element = this.rows.get(id)?.element;
      element?.classList.remove('flash');
      void element?.offsetWidth;
      element?.classList.add('flash');
    }
  }

  /** On paper nothing scrolls: all rows are elements, in their order. */
  drawWhole(isWhole: boolean): void {
    this.isWhole = isWhole;
    this.draw();
    if (isWhole) {
      this.space.append(...this.shown.map(({ id }) => this.rows.get(id)!.element));
    }
  }

  private sort(by: Sort): void {
    this.sorting = pressed(this.sorting, by);
    this.shown = this.shown.toSorted(comparer(this.sorting, this.whoOf, this.now));
    this.box.scrollTop = 0;
    this.draw();
    this.sorted.emit(this.sorting);
  }

  private draw(): void {
    for (const [sort, head] of this.heads) {
      const isThis = sort === this.sorting.by;
      head.setAttribute('aria-pressed', String(isThis));
      head.dataset['way'] = isThis ? (this.sorting.isDown ? 'down' : 'up') : '';
    }

    const { shown } = this;
    this.space.style.height = `${shown.length * rowHeight}px`;
    const first = this.isWhole ? 0 : Math.max(0, Math.floor(this.box.scrollTop / rowHeight) - spare);
    const last = this.isWhole ? shown.length : Math.min(shown.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / rowHeight) + spare);
    const wanted = new Set(shown.slice(first, last).map(({ id }) => id));
    for (const [id, row] of this.rows) {
      if (!wanted.has(id)) {
        row.element.remove();
        this.rows.delete(id);
      }
    }

    for (let i = first; i < last; i++) {
      const card = shown[i]!;
      let row = this.rows.get(card.id);
      if (!row) {
        row = new Row(card.id);
        this.rows.set(card.id, row);
        this.space.append(row.element);
      }

      row.place(i, shown.length, this.selection.has(card.id), card.id === this.active, card.id === this.opened);
      row.write(card, this.whoOf(card), this.now);
    }

    if (this.active && this.rows.has(this.active)) {
      this.box.setAttribute('aria-activedescendant', `visit-${this.active}`);
    } else {
      this.box.removeAttribute('aria-activedescendant');
    }

    this.bar.hidden = this.selection.size === 0;
    setText(this.count, this.selection.size ? t('chosen', { n: number(this.selection.size) }) : '');
  }

  private label(): void {
    this.box.setAttribute('aria-label', t('visitList'));
    this.bar.setAttribute('aria-label', t('withChosen'));
    this.element.querySelector('.visit-heads')!.setAttribute('aria-label', t('sortBy'));
    this.heads.forEach((head, sort) => setText(head, t(`sort.${sort}`)));
    setText(this.actions.plan, t('manyPlan'));
    setText(this.actions.hold, t('manyHold'));
    setText(this.none, t('chooseNone'));
    this.rows.forEach(row => row.element.remove());
    this.rows.clear();
    this.draw();
  }

  private activate(id: string | undefined): void {
    this.active = id;
    const top = this.shown.findIndex(card => card.id === id) * rowHeight;
    if (top >= 0 && (top < this.box.scrollTop || top + rowHeight > this.box.scrollTop + this.box.clientHeight)) {
      this.box.scrollTop = top < this.box.scrollTop ? top : top + rowHeight - this.box.clientHeight;
    }

    this.draw();
  }

  private onClick(event: MouseEvent): void {
    const target = event.target as Element;
    const id = target.closest<HTMLElement>('[data-visit]')?.dataset['visit'];
    const card = this.shown.find(one => one.id === id);
    if (!card) {
      return;
    }

    this.active = card.id;
    if (event.shiftKey) {
      this.selection.extend(card.id, this.shown.map(one => one.id));
      getSelection()?.removeAllRanges();
    } else if (target.closest('.tick') || event.ctrlKey || event.metaKey) {
      this.selection.toggle(card.id);
    } else {
      this.chosen.emit(card);
    }

    this.draw();
  }

  private onKey(event: KeyboardEvent): void {
    const at = this.shown.findIndex(({ id }) => id === this.active);
    const page = Math.max(1, Math.floor(this.box.clientHeight / rowHeight) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: this.shown.length - 1,
    };
    const step = steps[event.key];
    const order = () => this.shown.map(({ id }) => id);
    if (step !== undefined && this.shown.length) {
      event.preventDefault();
      const next = this.shown[Math.max(0, Math.min(this.shown.length - 1, step))]!.id;
      if (event.shiftKey && this.active) {
        if (!this.selection.has(this.active)) {
          this.selection.toggle(this.active);
        }

        this.selection.extend(next, order());
      }

      this.activate(next);
    } else if (event.key === 'Enter' && at >= 0) {
      event.preventDefault();
      this.chosen.emit(this.shown[at]!);
    } else if ((event.key === 'x' || event.key === ' ') && at >= 0 && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.selection.toggle(this.active!);
      this.draw();
    } else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.selection.all(order());
      this.draw();
    } else if (event.key === 'Escape' && this.selection.size) {
      event.preventDefault();
      this.selection.clear();
      this.draw();
    }
  }
}

function heightOf(): number {
  return phone.matches ? 60 : 36;
}

/** A visit in one line. */
class Row {
  readonly element: HTMLElement;

  private written = '';

  constructor(id: string) {
    this.element = h('div.visit-row', { role: 'option', id: `visit-${id}`, 'data-visit': id });
  }

  place(index: number, size: number, isChosen: boolean, isActive: boolean, isOpen: boolean): void {
    const { element } = this;
    element.style.transform = `translateY(${index * rowHeight}px)`;
    element.ariaPosInSet = String(index + 1);
    element.ariaSetSize = String(size);
    element.ariaSelected = String(isChosen);
    element.classList.toggle('active', isActive);
    element.classList.toggle('open', isOpen);
  }

  write(card: Card, who: string, now: number): void {
    const [urgency, told] = [urgencyOf(card, now), urgencyWord(card, now)];
    const text = JSON.stringify([card, who, urgency, told]);
    if (text === this.written) {
      return;
    }

    this.written = text;
    const { element } = this;
    element.dataset['urgency'] = urgency;
    const time = card.scheduledStart && card.scheduledEnd ? span(card.scheduledStart, card.scheduledEnd) : windowOf(card);
    replace(
      element, h('span.tick', { 'aria-hidden': 'true' }), h('span.card-urgency', {}, told || '–'), h('span.card-number', {}, card.orderNumber),
      h('span', {}, word('visitType.', card.visitType)), h('b.visit-customer', {}, card.customerName ?? t('nameless')),
      h('span.visit-place', {}, card.city && h('b', {}, card.city), card.city && card.street && ', ', card.street), h('span.visit-time', {}, time || '–'),
      h('span', {}, t('minutes', { n: minutesOf(card) })), h('span', {}, who || t('nobody')), h('span', {}, word('visitStatus.', card.status)));
  }
}
