import type { Api } from '../api/client.ts';
import { Again } from '../connection/again.ts';
import { age, clock, moment } from '../i18n/format.ts';
import { languageChanged, t, word } from '../i18n/language.ts';
import type { Session } from '../login/session.ts';
import { becomeParent, byId, h, setText } from '../page/dom.ts';
import { serverTime } from '../page/server-clock.ts';
import { Signal } from '../page/signal.ts';
import type { Coordinates } from '../places/towns.ts';
import type { Work } from '../page/state.ts';
import type { WorkStore } from '../work/store.ts';
import { isOver, isRinging, RingingCalls } from './ringing.ts';
import type { Candidate, Ringing, VisitToday } from './types.ts';

type NameOfPlace = (place: Coordinates) => string | undefined;

const mostShown = 3;
const mostOrders = 2;

/** Who is calling, beside what the reader is doing: it never takes the focus. */
export class CallCards {
  readonly chosen = new Signal<Work>();
  readonly vanChosen = new Signal<string>();
  readonly calls = new RingingCalls(serverTime);

  private readonly api: Api;
  private readonly session: Session;
  private readonly store: WorkStore;
  private readonly nameOf: NameOfPlace;
  private readonly element = byId('call-cards');
  private readonly spoken = byId('call-spoken');
  private readonly chip = byId<HTMLButtonElement>('call-chip');
  private readonly again = new Again(() => this.load());
  private isFolded = false;

  /** @param nameOf What people call a place. */
  constructor(api: Api, session: Session, store: WorkStore, nameOf: NameOfPlace) {
    this.api = api;
    this.session = session;
    this.store = store;
    this.nameOf = nameOf;
    this.calls.changed.on(() => this.draw());
    this.calls.began.on(ringing => this.announce(ringing));
    store.changed.on(() => this.calls.all.length && this.draw());
    languageChanged.on(() => this.draw());
    this.element.addEventListener('click', event => this.onClick(event));
    this.element.addEventListener('keydown', event => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        this.fold(true);
        this.chip.focus();
      }
    });
    this.chip.addEventListener('click', () => {
      this.fold(false);
      this.focus();
    });
    setInterval(() => {
      this.calls.tidy();
      this.writeTimes();
    }, 1_000);
  }

  /** Asks which calls ring: their changes may be missed. */
  async load(): Promise<void> {
    if (!this.session.may('calls.read')) {
      return;
    }

    this.again.pause();
    try {
      await this.calls.read(async () => (await this.api.get<{ readonly items: readonly Ringing[] }>('/api/calls/ringing?answered=true')).items);
      this.again.stop();
    } catch (fault) {
      this.again.failed(fault);
    }
  }

  clear(): void {
    this.again.stop();
    this.calls.clear();
    setText(this.spoken, '');
  }

  focus(): void {
    this.fold(false);
    // The button that closes it comes first: pressed by habit it would send the caller away.
    (this.element.querySelector<HTMLElement>('[data-work], [data-van]') ?? this.element.querySelector<HTMLElement>('.call-card'))?.focus();
  }

  private announce(ringing: Ringing): void {
    this.isFolded = false;
    setText(this.spoken, t('calls', { brand: brandOf(ringing), who: whoOf(ringing) }));
  }

  private fold(isFolded: boolean): void {
    this.isFolded = isFolded;
    this.draw();
  }

  private draw(): void {
    const all = this.calls.all;
    this.element.hidden = this.isFolded || !all.length;
    this.chip.hidden = !this.isFolded || !all.length;
    const first = all[0];
    setText(this.chip, first ? `☎ ${whoOf(first)}${all.length > 1 ? ` +${all.length - 1}` : ''}` : '');
    // Arrivals move all the time: what the reader is about to press stays where it is.
    becomeParent(this.element, [
      ...all.slice(0, mostShown).map(ringing => this.card(ringing)), ...(all.length > mostShown ? [h('p.quiet', {}, t('moreWaiting', { n: all.length - mostShown }))] : [])]);

    this.writeTimes();
  }

  private card(ringing: Ringing): HTMLElement {
    const { call, card } = ringing;
    const state = isOver(call) ? (call.answeredAt ? t('callOver') : t('callMissed')) : isRinging(call) ? t('callRings') : t('callTalks');
    return h('article.call-card.card', { 'data-call': call.id, 'data-key': call.id, tabindex: -1, 'data-state': isOver(call) ? 'over' : isRinging(call) ? 'ringing' : 'talking', 'aria-label': t('calls', { brand: brandOf(ringing), who: whoOf(ringing) }) },
      h('header', {}, h('span.brand-mark', {}, brandOf(ringing).slice(0, 1)), h('span', {}, h('b', {}, brandOf(ringing)), ' ', h('span.quiet', {}, state)),
        h('time.call-time', { 'data-since': call.answeredAt ?? card.since, 'aria-hidden': 'true' }),
        h('button.tool', { type: 'button', 'data-close': call.id, 'data-key': `close-${call.id}`, 'aria-label': t('close') }, '✕')),
      h('p.call-who', {}, whoOf(ringing)),
      card.candidates.length ? call.callerNumber && h('p.quiet', {}, call.callerNumber) : h('p.quiet', {}, card.isInternal ? t('colleague') : t('unknownCaller')),
      card.candidates.length > 1 && h('p', {}, t('severalCallers')),
      ...card.candidates.slice(0, mostShown).flatMap(candidate => this.candidate(call.id, candidate, card.candidates.length > 1)));
  }

  private candidate(call: string, { name, visitToday: visit, openOrders, openThreads, lastContactAt }: Candidate, isOneOfMany: boolean): (Node | null)[] {
    const known = visit ? this.store.cards.get(visit.id) : undefined;
    const expected = known?.arrivedAt ? undefined : known?.forecast?.arrival.expected ?? visit?.expectedArrival?.expected;
    const arrival = expected ? t('about', { time: clock(expected) }) : null;
    const where = visit && whereOf(visit, this.nameOf, serverTime());
    const key = (kind: string, id: string) => ({ type: 'button', 'data-work': `${kind}:${id}`, 'data-key': `${call}-${id}` });
    return [
      isOneOfMany ? h('p', {}, h('b', {}, name)) : null,
      visit ? h('button.row-button.call-visit', key('visit', visit.id),
        [visit.licensePlate, word('visitStatus.', known?.status ?? visit.status), arrival,
          visit.windowStart && visit.windowEnd ? t('window', { window: `${clock(visit.windowStart)}–${clock(visit.windowEnd)}` }) : null,
          known?.forecast && word('punctuality.', known.forecast.punctuality)].filter(Boolean).join(' · ')) : null,
      visit?.vehicleId && where ? h('button.row-button.call-van', { type: 'button', 'data-van': visit.vehicleId, 'data-key': `${call}-${visit.vehicleId}` }, where) : null,
      ...(openOrders ?? []).slice(0, mostOrders).map(order =>
        h('button.row-button', key('order', order.id), `${order.orderNumber} · ${word('orderStatus.', order.orderStatus)}`)),
      ...(openThreads ?? []).slice(0, mostOrders).map(thread =>
        h('button.row-button', key('thread', thread.id), `${word('channel.', thread.channel)} · ${thread.subject ?? t('noSubject')}`)),
      lastContactAt ? h('p.quiet', {}, t('lastContact', { time: moment(lastContactAt) })) : null,
    ];
  }

  private writeTimes(): void {
    for (const time of this.element.querySelectorAll<HTMLElement>('.call-time')) {
      const seconds = Math.max(0, Math.round((serverTime() - Date.parse(time.dataset['since'] ?? '')) / 1_000));
      setText(time, `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`);
    }
  }

  private onClick(event: MouseEvent): void {
    const target = event.target as Element;
    const close = target.closest<HTMLElement>('[data-close]')?.dataset['close'];
    const van = target.closest<HTMLElement>('[data-van]')?.dataset['van'];
    const [kind, id] = target.closest<HTMLElement>('[data-work]')?.dataset['work']?.split(':') ?? [];
    if (close) {
      this.calls.close(close);
    } else if (van) {
      this.vanChosen.emit(van);
    } else if (kind && id) {
      this.chosen.emit({ kind: kind as Work['kind'], id });
    }
  }
}

/** Where the van of today's visit is and how old that is, or how old alone for who may not see where. */
export function whereOf({ position, positionAgeSeconds }: VisitToday, nameOf: NameOfPlace, now: number): string | undefined {
  const seen = position ? age(now - Date.parse(position.fixTime)) : typeof positionAgeSeconds === 'number' ? age(positionAgeSeconds * 1_000) : undefined;
  const place = position && nameOf(position);
  return seen && t('vanSeen', { where: [place, t('ago', { age: seen })].filter(Boolean).join(', ') });
}

/** Five names and one desk: in which name it is to be answered. */
function brandOf({ call }: Ringing): string {
  return call.businessEntity ? word('brand.', call.businessEntity) : t('ourLine');
}

function whoOf({ call, card }: Ringing): string {
  return card.internalName ?? (card.candidates.length === 1 ? card.candidates[0]!.name : call.callerNumber ?? call.rawDigits ?? t('withheld'));
}
