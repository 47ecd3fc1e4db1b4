import type { Api } from '../api/client.ts';
import { wordsOf } from '../api/problem.ts';
import type { Change, Page } from '../api/types.ts';
import { Again } from '../connection/again.ts';
import { age, moment } from '../i18n/format.ts';
import { languageChanged, t, word } from '../i18n/language.ts';
import type { Session } from '../login/session.ts';
import { byId, h, replace } from '../page/dom.ts';
import { faultLine } from '../page/fault-line.ts';
import { InOrder } from '../page/in-order.ts';
import { serverTime } from '../page/server-clock.ts';
import { Signal } from '../page/signal.ts';
import { presenceChanged } from './thread-panel.ts';
import type { Thread } from './types.ts';

const filters = ['waiting', 'mine', 'free', 'open', 'all'] as const;
type Filter = (typeof filters)[number];
/** A burst of messages is one reading, ms. */
const together = 150;

/** The conversations: those that wait for us first. */
export class Inbox {
  readonly chosen = new Signal<string>();
  /** How many customers wait for an answer. */
  readonly counted = new Signal<number>();

  private readonly api: Api;
  private readonly session: Session;
  private readonly element = byId('inbox');
  private readonly chips = h('div.chips', { role: 'group' });
  private readonly list = h('ul.work-rows');
  private threads: readonly Thread[] = [];
  private filter: Filter = 'open';
  /** Of which filter those are that are there. */
  private readOf: Filter | undefined;
  private selected: string | undefined;
  private fault: unknown;
  private sought = '';
  private readonly answers = new InOrder();
  private readonly again = new Again(() => this.load());
  private timer = 0;

  constructor(api: Api, session: Session) {
    this.api = api;
    this.session = session;
    replace(this.element, this.chips, this.list);
    this.chips.addEventListener('click', event => {
      const filter = (event.target as Element).closest<HTMLElement>('[data-filter]')?.dataset['filter'] as Filter | undefined;
      if (filter) {
        this.filter = filter;
        void this.load();
      }
    });
    this.list.addEventListener('click', event => {
      const id = (event.target as Element).closest<HTMLElement>('[data-thread]')?.dataset['thread'];
      if (id) {
        this.chosen.emit(id);
      }
    });
    this.list.addEventListener('keydown', event => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const rows = [...this.list.querySelectorAll<HTMLElement>('[data-thread]')];
      const at = rows.indexOf(event.target as HTMLElement);
      if (step && at >= 0) {
        event.preventDefault();
        rows[at + step]?.focus();
      }
    });
    languageChanged.on(() => this.draw());
    setInterval(() => !this.element.hidden && this.draw(), 30_000);
  }

  select(id: string | undefined): void {
    this.selected = id;
    this.draw();
  }

  refilter(sought: string): void {
    this.sought = sought;
    this.draw();
  }

  focus(): void {
    (this.list.querySelector<HTMLElement>('[aria-pressed=true]') ?? this.list.querySelector<HTMLElement>('button') ?? this.chips.querySelector<HTMLElement>('button'))?.focus();
  }

  follow({ type, entityType }: Change): void {
    if (type === presenceChanged) {
      return;
    }

    if (entityType === 'communication_thread' || entityType === 'communication_message') {
      this.timer ||= window.setTimeout(() => {
        this.timer = 0;
        void this.load();
      }, together);
    }
  }

  clear(): void {
    this.again.stop();
    this.threads = [];
    this.fault = undefined;
    this.counted.emit(0);
    this.draw();
  }

  async load(): Promise<void> {
    if (!this.session.may('threads.read')) {
      this.fault = new Error(t('forbidden'));
      this.draw();
      return;
    }

    const me = this.session.user?.contactId;
    const query = new URLSearchParams({ limit: '200', sort: '-lastMessageAt' });
    if (this.filter !== 'all') {
      query.set('status', 'open');
    }

    if (this.filter === 'mine' && me) {
      query.set('assignedToContactId', me);
    } else if (this.filter === 'free') {
      query.set('assigned', 'false');
    } else if (this.filter === 'waiting') {
      query.set('waiting', 'true');
    }

    this.again.pause();
    const [counts, { filter }] = [this.answers.ask(), this];
    try {
      const [{ items }, waiting] = await Promise.all([
        this.api.get<Page<Thread>>(`/api/threads?${query}`), this.api.get<Page<Thread>>('/api/threads?status=open&waiting=true&limit=200')]);
      if (filter !== this.filter || !counts()) {
        return;
      }

      this.threads = items;
      this.readOf = filter;
      this.fault = undefined;
      this.again.stop();
      this.counted.emit(waiting.items.length);
    } catch (fault) {
      if (filter !== this.filter || !counts()) {
        return;
      }

      this.threads = this.readOf === filter ? this.threads : [];
      this.fault = fault;
      this.again.failed(fault);
    }

    this.draw();
  }

  private draw(): void {
    this.chips.setAttribute('aria-label', t('filter'));
    if (this.chips.childElementCount !== filters.length) {
      replace(this.chips, ...filters.map(filter => h('button.chip', { type: 'button', 'data-filter': filter })));
    }

    for (const chip of this.chips.querySelectorAll<HTMLElement>('[data-filter]')) {
      chip.textContent = t(`inbox.${chip.dataset['filter'] as Filter}`);
      chip.ariaPressed = String(chip.dataset['filter'] === this.filter);
    }

    const now = serverTime();
    const sought = this.sought.toLowerCase();
    const shown = this.threads.filter(thread => !sought || `${thread.subject ?? ''} ${thread.customerAddress ?? ''}`.toLowerCase().includes(sought));
    const focused = (document.activeElement as HTMLElement | null)?.dataset['thread'];
    replace(this.list, this.fault ? faultLine(wordsOf(this.fault)) : null, ...(shown.length ? shown.map(thread => h('li', {}, h(
      'button.work-row', { type: 'button', 'data-thread': thread.id, 'aria-pressed': String(thread.id === this.selected) },
      h('span', {}, h('span.channel', {}, word('channel.', thread.channel)), ' ', h('b', {}, thread.subject ?? thread.customerAddress ?? t('noSubject'))),
      h('span.quiet', {}, [thread.subject && thread.customerAddress, thread.businessEntity && word('brand.', thread.businessEntity), t('messages', { n: thread.messageCount })].filter(Boolean).join(' · ')),
      h('span.row-end', {},
        thread.waitingSince && h('span.tag.warn', {}, t('waitsFor', { age: age(now - Date.parse(thread.waitingSince)) })),
        thread.snoozedUntil && Date.parse(thread.snoozedUntil) > now && h('span.tag', {}, t('snoozedUntil', { time: moment(thread.snoozedUntil) })),
        thread.assignedToContactId && h('span.tag', {}, thread.assignedToContactId === this.session.user?.contactId ? t('mine') : t('assigned')),
        thread.status !== 'open' && h('span.tag', {}, word('threadStatus.', thread.status)),
        h('time.quiet', {}, thread.lastMessageAt ? moment(thread.lastMessageAt) : '')))))
      : [!this.fault && h('li.quiet', {}, t('noThreadsHere'))]));
    if (focused) {
      this.list.querySelector<HTMLElement>(`[data-thread="${CSS.escape(focused)}"]`)?.focus();
    }
  }
}
