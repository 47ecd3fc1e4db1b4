import { wordsOfReading } from '../api/problem.ts';
import { number } from '../i18n/format.ts';
import { languageChanged, t } from '../i18n/language.ts';
import { byId, h, replace, setText } from '../page/dom.ts';
import { Drawing } from '../page/drawing.ts';
import { onPrint } from '../page/printing.ts';
import { Signal } from '../page/signal.ts';
import { byUrgency, columnOf, columns, matches, minutesOf, type Column } from '../work/facts.ts';
import type { Moment } from '../work/moment.ts';
import type { WorkStore } from '../work/store.ts';
import type { Card } from '../work/types.ts';
import type { Manner, State } from '../page/state.ts';
import { CardItem } from './card-item.ts';
import { VisitList } from './visit-list.ts';

/** So many cards of a column are elements; the others are a button away. */
const batch = 60;
/** More cards than that are no board that anybody looks over: they are a list unless the reader says otherwise. */
const mostCards = 150;

/** The day's visits by where they stand, or in a list. */
export class Board {
  readonly chosen = new Signal<Card>();
  /** It shows them in another manner, or order. */
  readonly noted = new Signal<Partial<State>>();
  readonly rows: VisitList;
  /** Which brand and which words are sought. */
  sought = '';

  private readonly store: WorkStore;
  private readonly whoOf: (card: Card) => string;
  private readonly moment: Moment;
  private readonly element = byId('board');
  private readonly lists = new Map<Column, { readonly box: HTMLElement; readonly head: HTMLElement; readonly list: HTMLElement; most: number }>();
  private readonly items = new Map<string, CardItem>();
  private readonly note = h('p.quiet.none', { role: 'status' });
  private readonly columns: HTMLElement;
  private readonly toggle = byId('board-manner');
  private isWhole = false;
  private manner: Manner | undefined;
  private selected: string | undefined;
  /** What is not shown is not drawn. */
  private readonly drawing = new Drawing(() => this.element.hidden || this.draw());

  /** @param whoOf The crew of a visit in words. */
  constructor(store: WorkStore, whoOf: (card: Card) => string, moment: Moment) {
    this.store = store;
    this.whoOf = whoOf;
    this.moment = moment;
    for (const column of columns) {
      const head = h('h3', { id: `column-${column}` });
      const list = h('ul', {});
      const box = h('section.column', { 'aria-labelledby': head.id, 'data-column': column }, head, list);
      this.lists.set(column, { box, head, list, most: batch });
    }

    this.rows = new VisitList(whoOf);
    this.rows.chosen.on(card => this.chosen.emit(card));
    this.rows.sorted.on(sorting => this.noted.emit({ sorting }));
    this.columns = h('div.columns', {}, ...[...this.lists.values()].map(({ box }) => box));
    replace(this.element, this.note, this.columns, this.rows.element);
    this.toggle.addEventListener('click', () => this.turn());
    this.element.addEventListener('click', event => this.onClick(event));
    this.element.addEventListener('keydown', event => this.onKey(event));
    store.changed.on(() => this.drawing.soon());
    store.moved.on(ids => this.flash(ids));
    languageChanged.on(() => this.schedule());
    setInterval(() => this.schedule(), 20_000);
    onPrint(() => this.drawWhole(true), () => this.drawWhole(false));
  }

  select(id: string | undefined): void {
    this.selected = id;
    this.schedule();
  }

  refilter(sought: string): void {
    this.sought = sought;
    this.schedule();
  }

  /** Shows what an address says of it. */
  go({ manner, sorting }: Pick<State, 'manner' | 'sorting'>): void {
    this.manner = manner;
    this.rows.sorting = sorting;
    this.schedule();
  }

  /** Cards become rows, and rows cards. */
  turn(): void {
    this.manner = this.isList ? 'cards' : 'list';
    this.schedule();
    this.noted.emit({ manner: this.manner });
  }

  /** On paper nobody asks for more. */
  private drawWhole(isWhole: boolean): void {
    this.isWhole = isWhole;
    if (!this.element.hidden) {
      this.draw();
      this.rows.drawWhole(isWhole && this.isList);
    }
  }

  private get isList(): boolean {
    return this.manner ? this.manner === 'list' : this.store.cards.size > mostCards;
  }

  focus(): void {
    if (this.isList) {
      this.rows.focus();
      return;
    }

    (this.element.querySelector<HTMLElement>('.card-item[aria-pressed=true]') ?? this.element.querySelector<HTMLElement>('.card-item'))?.focus();
  }

  /** Draws it with the next frame. */
  schedule(): void {
    this.drawing.now();
  }

  private draw(): void {
    const [now, { store }] = [this.moment.time, this];
    const all = [...store.cards.values()];
    const shown = this.sought ? all.filter(card => matches(card, this.sought)) : all;
    this.note.hidden = store.state === 'ready' && (shown.length > 0 || !this.sought) && all.some(card => columnOf(card)) && !store.hasMore;
    setText(this.note, store.state === 'loading' ? t('loading') : store.state === 'failed' ? wordsOfReading(store.fault)
      : this.sought && !shown.length ? t('noneOf', { n: all.length, sought: this.sought }) : store.hasMore ? t('moreVisits') : t('noVisits'));
    const { isList } = this;
    this.columns.hidden = isList;
    this.rows.element.hidden = !isList;
    // Without a card nothing in it can have the focus, and it scrolls all the same.
    this.element.tabIndex = !isList && !shown.some(card => columnOf(card)) ? 0 : -1;
    this.toggle.setAttribute('aria-pressed', String(isList));
    if (isList) {
      this.rows.freeze(this.moment.isPast);
      this.rows.show(shown.filter(card => columnOf(card)), this.selected, now);
      return;
    }

    const [kept, sorted] = [new Set<string>(), shown.sort(byUrgency(now))];
    for (const [column, part] of this.lists) {
      const cards = sorted.filter(card => columnOf(card) === column);
      const minutes = cards.reduce((sum, card) => sum + minutesOf(card), 0);
      setText(part.head, `${t(`column.${column}`)} · ${number(cards.length)} · ${t('hours', { n: number(minutes / 60, 1) })}`);
      const children: HTMLElement[] = cards.slice(0, this.isWhole ? undefined : part.most).map(card => {
        kept.add(card.id);
        let item = this.items.get(card.id);
        if (!item) {
          item = new CardItem(card.id);
          this.items.set(card.id, item);
        }

        item.write(card, this.whoOf(card), card.id === this.selected, now);
        return item.element.parentElement instanceof HTMLLIElement ? item.element.parentElement : h('li', {}, item.element);
      });
      if (!this.isWhole && cards.length > part.most) {
        children.push(h('li', {}, h('button.link', { type: 'button', 'data-more': column }, t('showMore', { n: cards.length - part.most }))));
      }

      arrange(part.list, children);
    }

    for (const id of this.items.keys()) {
      if (!kept.has(id)) {
        this.items.delete(id);
      }
    }
  }

  private flash(ids: readonly string[]): void {
    requestAnimationFrame(() => requestAnimationFrame(() => {
      this.rows.flash(ids);
      for (const id of ids) {
        const element = this.items.get(id)?.element;
        element?.classList.remove('flash');
        void element?.offsetWidth;
        element?.classList.add('flash');
      }
    }));
  }

  private onClick(event: MouseEvent): void {
    const target = event.target as Element;
    if (this.rows.element.contains(target)) {
      return;
    }

    const more = target.closest<HTMLElement>('[data-more]')?.dataset['more'] as Column | undefined;
    if (more) {
      this.lists.get(more)!.most += batch;
      this.draw();
      return;
    }

    const card = this.store.cards.get(target.closest<HTMLElement>('[data-visit]')?.dataset['visit'] ?? '');
    if (card) {
      this.chosen.emit(card);
    }
  }

  /** The arrow keys walk through a column and from one to the next. */
  private onKey(event: KeyboardEvent): void {
    const here = (event.target as Element).closest<HTMLElement>('.card-item');
    const step = { ArrowDown: [0, 1], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] }[event.key];
    if (!here || !step) {
      return;
    }

    event.preventDefault();
    const grid = [...this.lists.values()].map(({ list }) => [...list.querySelectorAll<HTMLElement>('.card-item')]);
    const column = grid.findIndex(items => items.includes(here));
    const row = grid[column]!.indexOf(here);
    if (step[1]) {
      grid[column]![row + step[1]]?.focus();
      return;
    }

    for (let next = column + step[0]!; next >= 0 && next < grid.length; next += step[0]!) {
      const items = grid[next]!;
      if (items.length) {
        items[Math.min(row, items.length - 1)]!.focus();
        return;
      }
    }
  }
}

/** Puts the children in this order and moves no more of them than it has to: an element that is moved loses the focus. */
export function arrange(parent: Element, children: readonly HTMLElement[]): void {
  const wanted = new Set<Element>(children);
  [...parent.children].filter(child => !wanted.has(child)).forEach(child => child.remove());
  children.forEach((child, i) => parent.children[i] !== child && parent.insertBefore(child, parent.children[i] ?? null));
}
