import type { Api } from '../api/client.ts';
import { wordsOf } from '../api/problem.ts';
import type { Change, Page } from '../api/types.ts';
import { clock, day, moment, number } from '../i18n/format.ts';
import { languageChanged, t, word } from '../i18n/language.ts';
import { presenceChanged } from '../inbox/thread-panel.ts';
import type { Session } from '../login/session.ts';
import { byId, h, replace, setText } from '../page/dom.ts';
import { Signal } from '../page/signal.ts';
import type { Work } from '../page/state.ts';
import type { Seen } from '../panel/action-form.ts';
import { fill } from '../panel/section.ts';
import { ActionList } from './action-list.ts';
import { columnOf, isMovable, minutesOf, placeOf, span, urgencyWord, windowOf } from './facts.ts';
import type { Planning } from './commands.ts';
import { fieldsOfOrder, fieldsOfVisit, SlotField } from './fields.ts';
import type { Moment } from './moment.ts';
import type { WorkStore } from './store.ts';
import type { Card } from './types.ts';

interface Order {
  readonly id: string;
  readonly orderNumber: string;
  readonly orderStatus: string;
  readonly orderType: string;
  readonly businessEntity: string;
  readonly primaryContactId?: string | null;
  readonly notes?: string | null;
  readonly totalAmount?: number | null;
  readonly requestedDate?: string | null;
  readonly visits: readonly { readonly id: string }[];
}

interface Thread {
  readonly id: string;
  readonly channel: string;
  readonly subject?: string | null;
  readonly status: string;
  readonly lastMessageAt?: string | null;
}

/** What these do would undo what somebody planned in the meantime. */
const ofThePlan: ReadonlySet<string> = new Set(['schedule', 'reschedule', 'unschedule', 'confirm']);

const channels = ['email', 'sms', 'internal'] as const;

/** Everything about one visit and its order: what is agreed, what can be done, and what was said. */
export class WorkPanel {
  readonly closed = new Signal();
  readonly chosen = new Signal<Work>();
  readonly vanChosen = new Signal<string>();
  readonly assignAsked = new Signal<Card>();
  /** What was asked for was not done, and why. */
  readonly failed = new Signal<string>();
  /** It is on the map. */
  readonly shown = new Signal<Card | undefined>();

  private readonly api: Api;
  private readonly session: Session;
  private readonly store: WorkStore;
  private readonly moment: Moment;
  private readonly whoOf: (card: Card) => string;
  private readonly planning: Planning;
  private readonly element = byId('work');
  private readonly title = byId('work-title');
  private readonly parts = {
    customer: byId('work-customer'), status: byId('work-status'), urgency: byId('work-urgency'), facts: byId('work-facts'), visit: byId('work-visit'),
    visitBox: byId('work-visit-box'), order: byId('work-order'), orderFacts: byId('work-order-facts'), visits: byId('work-visits'), threads: byId('work-threads'), write: byId('work-write'),
  };
  private readonly visitActions: ActionList;
  private readonly orderActions: ActionList;
  private readonly assign = byId<HTMLButtonElement>('work-assign');
  private work: Work | undefined;
  private card: Card | undefined;
  private order: Order | undefined;
  private loading = new AbortController();

  /** @param whoOf The crew of a visit in words. */
  constructor(api: Api, session: Session, store: WorkStore, moment: Moment, planning: Planning, whoOf: (card: Card) => string) {
    this.api = api;
    this.session = session;
    this.store = store;
    this.moment = moment;
    this.whoOf = whoOf;
    this.planning = planning;
    this.visitActions = new ActionList(api, session, {
      path: '/api/visits', permission: 'visits.write', words: { action: 'visitAction.', status: 'visitStatus.' },
      fields: action => fieldsOfVisit(action, this.card!, this.store.crews),
      seen: action => (ofThePlan.has(action) ? this.seen(this.card!) : undefined),
    });
    this.orderActions = new ActionList(api, session, {
      path: '/api/orders', permission: 'orders.write', words: { action: 'orderAction.', status: 'orderStatus.' }, fields: fieldsOfOrder,
    });
    byId('work-close').addEventListener('click', () => this.closed.emit());
    this.assign.addEventListener('click', () => this.card && this.assignAsked.emit(this.card));
    this.element.addEventListener('click', event => this.onClick(event));
    store.changed.on(() => this.onStore());
    languageChanged.on(() => this.work && void this.load());
    setInterval(() => this.write(), 20_000);
  }

  private seen(card: Card): Seen {
    const { planning } = this;
    let seen = card;
    return {
      get version() {
        return seen.version;
      },
      async renew(fault, fields) {
        const { text, now } = await planning.explain(seen, fault);
        if (now) {
          seen = now;
          fields.filter(field => field instanceof SlotField).forEach(field => field.refill(now));
        }

        return text;
      },
    };
  }

  /** The visit that is open. */
  get visit(): Card | undefined {
    return this.card;
  }

  open(work: Work): void {
    if (work.id === this.work?.id) {
      return;
    }

    this.work = work;
    this.card = work.kind === 'visit' ? this.store.cards.get(work.id) : undefined;
    this.order = undefined;
    this.element.hidden = false;
    this.element.scrollTop = 0;
    for (const part of [this.parts.visit, this.parts.order, this.parts.visits, this.parts.threads, this.parts.facts, this.parts.orderFacts]) {
      replace(part);
    }

    this.write();
    void this.load();
    this.title.focus({ preventScroll: true });
  }

  /** Answers whether the reader was in it. */
  close(): boolean {
    const hadFocus = this.element.contains(document.activeElement);
    this.loading.abort();
    this.work = undefined;
    this.card = undefined;
    this.element.hidden = true;
    this.shown.emit(undefined);
    return hadFocus;
  }

  /** What is shown is of another moment. */
  reload(): void {
    if (this.work) {
      void this.load();
    }
  }

  follow({ entityType, entityId, type }: Change): void {
    if (!this.work || !this.order || this.moment.isPast) {
      return;
    }

    if (entityType === 'order' && entityId === this.order.id) {
      void this.loadOrder();
    } else if (entityType === 'visit' && (entityId === this.card?.id || this.order.visits.some(({ id }) => id === entityId))) {
      void this.loadVisit();
    } else if (type !== presenceChanged && (entityType === 'communication_thread' || type.startsWith('thread.'))) {
      this.loadThreads();
    }
  }

  private async load(): Promise<void> {
    this.loading.abort();
    this.loading = new AbortController();
    await this.loadVisit();
    await this.loadOrder();
    this.loadThreads();
  }

  private async loadVisit(): Promise<void> {
    const { work, loading: { signal } } = this;
    if (work?.kind !== 'visit') {
      return;
    }

    try {
      const card = await this.store.one(work.id, signal);
      if (signal.aborted) {
        return;
      }

      this.card = card;
      this.write();
      if (card && this.moment.isPast) {
        this.shown.emit(card);
        replace(this.parts.visit, h('p.quiet', {}, t('actionsOfNow', { live: t('replayClose') })));
      } else if (card) {
        this.shown.emit(card);
        await fill(this.parts.visit, signal, () => this.visitActions.load(card.id, signal));
      } else {
        replace(this.parts.visit, h('p.quiet', {}, t(this.moment.isPast ? 'notThen' : 'problemNotFound')));
      }
    } catch (fault) {
      await fill(this.parts.visit, signal, () => Promise.reject(fault as Error));
    }
  }

  private async loadOrder(): Promise<void> {
    const { work, loading: { signal } } = this;
    if (this.moment.isPast) {
      // Of the order its status of then is known; the rest of it is of now.
      this.order = undefined;
      replace(this.parts.order, h('p.quiet', {}, t('restOfNow', { live: t('replayClose') })));
      [this.parts.visits, this.parts.threads, this.parts.write].forEach(part => replace(part));
      this.write();
      return;
    }

    const id = work?.kind === 'order' ? work.id : this.card?.orderId;
    if (!id || signal.aborted) {
      return;
    }

    await fill(this.parts.order, signal, async () => {
      this.order = await this.api.get<Order>(`/api/orders/${id}`, signal);
      this.write();
      void fill(this.parts.visits, signal, () => this.loadVisits(id, signal));
      return this.orderActions.load(id, signal);
    });
  }

  private async loadVisits(id: string, signal: AbortSignal): Promise<HTMLElement[]> {
    const { items } = await this.api.get<Page<Card>>(`/api/orders/${id}/visits?limit=50`, signal);
    const others = items.filter(visit => visit.id !== this.card?.id);
    return [others.length
      ? h('ul.rows', {}, ...others.map(visit => h('li', {}, h('button.row-button', { type: 'button', 'data-work': `visit:${visit.id}` },
        [visit.number, word('visitType.', visit.visitType), word('visitStatus.', visit.status), visit.scheduledStart && moment(visit.scheduledStart)].filter(Boolean).join(' · ')))))
      : h('p.quiet', {}, t('noOtherVisits'))];
  }

  private loadThreads(): void {
    const { order, loading: { signal } } = this;
    if (!order) {
      return;
    }

    replace(this.parts.write, ...(this.session.may('threads.write') ? channels.map(channel =>
      h('button.chip', { type: 'button', 'data-write': channel }, word('write.', channel))) : []));
    void fill(this.parts.threads, signal, async () => {
      const { items } = await this.api.get<Page<Thread>>(`/api/threads?entityType=order&entityId=${order.id}&limit=20`, signal);
      return [items.length
        ? h('ul.rows', {}, ...items.map(thread => h('li', {}, h('button.row-button', { type: 'button', 'data-work': `thread:${thread.id}` },
          [word('channel.', thread.channel), thread.subject, word('threadStatus.', thread.status), thread.lastMessageAt && moment(thread.lastMessageAt)].filter(Boolean).join(' · ')))))
        : h('p.quiet', {}, t('noThreads'))];
    });
  }

  private onStore(): void {
    const card = this.work?.kind === 'visit' ? this.store.cards.get(this.work.id) : undefined;
    if (card && card !== this.card && this.store.state === 'ready') {
      this.card = card;
      this.write();
    }
  }

  private onClick(event: MouseEvent): void {
    const target = event.target as Element;
    const [kind, id] = target.closest<HTMLElement>('[data-work]')?.dataset['work']?.split(':') ?? [];
    const van = target.closest<HTMLElement>('[data-van]')?.dataset['van'];
    const channel = target.closest<HTMLElement>('[data-write]')?.dataset['write'];
    if (channel) {
      void this.begin(channel);
    } else if (kind && id) {
      this.chosen.emit({ kind: kind as Work['kind'], id });
    } else if (van) {
      this.vanChosen.emit(van);
    }
  }

  /** Begins a conversation about the order, with whom it is for. */
  private async begin(channel: string): Promise<void> {
    const { order } = this;
    if (!order) {
      return;
    }

    try {
      const contact = channel !== 'internal' && order.primaryContactId
        ? await this.api.get<{ readonly id: string; readonly email?: string | null; readonly mobile?: string | null; readonly phone?: string | null }>(`/api/contacts/${order.primaryContactId}`) : undefined;
      const address = channel === 'email' ? contact?.email : channel === 'sms' ? contact?.mobile ?? contact?.phone : undefined;
      if (!address && channel !== 'internal') {
        this.failed.emit(t('noAddressFor', { channel: word('channel.', channel) }));
        return;
      }

      const { id } = await this.api.post<{ readonly id: string }>('/api/threads', {
        entityType: 'order', entityId: order.id, channel, businessEntity: order.businessEntity, subject: order.orderNumber,
        ...(contact ? { customerContactId: contact.id, customerAddress: address } : {}),
      }, crypto.randomUUID());
      this.chosen.emit({ kind: 'thread', id });
    } catch (fault) {
      this.failed.emit(wordsOf(fault));
    }
  }

  private write(): void {
    const { work, card, order, parts } = this;
    if (!work) {
      return;
    }

    const { time: now, isPast } = this.moment;
    setText(this.title, card?.orderNumber ?? order?.orderNumber ?? '…');
    setText(parts.customer, [card?.customerName, card && placeOf(card)].filter(Boolean).join(' — '));
    setText(parts.status, card ? word('visitStatus.', card.status) : order ? word('orderStatus.', order.orderStatus) : '');
    parts.status.dataset['status'] = card?.status ?? '';
    const urgency = card && columnOf(card) !== 'done' ? urgencyWord(card, now) : '';
    setText(parts.urgency, urgency);
    parts.urgency.hidden = !urgency;
    parts.visitBox.hidden = work.kind !== 'visit';
    this.assign.hidden = isPast || !card || !isMovable(card) || !this.session.may('visits.write');
    if (card) {
      this.writeVisit(card);
    }

    if (isPast) {
      this.writeFacts(parts.orderFacts, card ? [[t('orderStatusOf'), word('orderStatus.', card.orderStatus)], [t('brand'), word('brand.', card.businessEntity)]] : []);
    } else if (order) {
      this.writeFacts(parts.orderFacts, [
        [t('orderStatusOf'), word('orderStatus.', order.orderStatus)],
        [t('kind'), word('orderType.', order.orderType)],
        [t('brand'), word('brand.', order.businessEntity)],
        [t('requested'), order.requestedDate ? day(order.requestedDate) : null],
        [t('total'), typeof order.totalAmount === 'number' ? `€ ${number(order.totalAmount, 2)}` : null],
        [t('notes'), order.notes ?? null],
      ]);
    }
  }

  private writeVisit(card: Card): void {
    const van = this.store.vanOf(card);
    const forecast = card.forecast && columnOf(card) !== 'done'
      ? `${t('about', { time: clock(card.forecast.arrival.expected) })} (${span(card.forecast.arrival.earliest, card.forecast.arrival.latest)})` : null;
    this.writeFacts(this.parts.facts, [
      [t('planned'), card.scheduledStart && card.scheduledEnd ? `${day(card.scheduledStart)} ${span(card.scheduledStart, card.scheduledEnd)}` : t('notYet')],
      [t('promised'), windowOf(card) || null],
      [t('arrival'), forecast],
      [t('crew'), van ? h('button.link', { type: 'button', 'data-van': van }, this.whoOf(card)) : this.whoOf(card) || t('nobody')],
      [t('kind'), `${word('visitType.', card.visitType)} · ${t('minutes', { n: minutesOf(card) })}`],
      [t('skills'), card.requiredSkills.map(skill => word('skill.', skill)).join(', ') || null],
      [t('address'), placeOf(card) || null],
      [t('arrivedAt'), card.arrivedAt ? clock(card.arrivedAt) : null],
      [t('endedAt'), card.endedAt ? clock(card.endedAt) : null],
    ]);
  }

  private writeFacts(list: HTMLElement, rows: readonly (readonly [string, string | HTMLElement | null])[]): void {
    const written = JSON.stringify(rows.map(([name, value]) => [name, value instanceof HTMLElement ? value.outerHTML : value]));
    if (list.dataset['written'] !== written || !list.hasChildNodes()) {
      list.dataset['written'] = written;
      replace(list, ...rows.flatMap(([name, value]) => (value ? [h('dt', {}, name), h('dd', {}, value)] : [])));
    }
  }
}
