import type { Api } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import type { Change } from '../api/types.ts';
import { Again } from '../connection/again.ts';
import type { Session } from '../login/session.ts';
import { Signal } from '../page/signal.ts';
import { dayName } from './day.ts';
import { isOpen } from './facts.ts';
import type { Moment } from './moment.ts';
import type { Card, Crew, Desk, Forecast } from './types.ts';

/** Changes that follow one another this closely are asked for together, ms; the first of them waits for nobody. */
const together = 20;
/** So often what is expected is asked for anew: it follows from where the vans are, which no change tells, ms. */
const expectedEvery = 30_000;
/** Arrivals that move are shown together, ms: a minute more or less is no news that must be seen at once. */
const expectedTogether = 500;
const mostIds = 200;

/** What is asked for again and again, found once. */
interface Index {
  readonly crewsByTeam: ReadonlyMap<string, Crew>;
  readonly crewsByVan: ReadonlyMap<string, Crew>;
  cardsByVan: ReadonlyMap<string, readonly Card[]> | undefined;
}

/** What the hub tells of an arrival that has moved. */
interface Expected extends Omit<Forecast, 'arrival' | 'end'> {
  readonly expectedArrival: Forecast['arrival'];
}

/** The work of a day: it follows the changes of the hub. While a moment of the past is looked at it is the work of then, and stands still. */
export class WorkStore {
  /** Something of it changed. */
  readonly changed = new Signal();
  /** Visits that came, or are others than before. */
  readonly moved = new Signal<readonly string[]>();
  readonly cards = new Map<string, Card>();
  crews: readonly Crew[] = [];
  hasMore = false;
  /** Why there is none. */
  fault: unknown;
  state: 'loading' | 'ready' | 'failed' = 'loading';

  private readonly api: Api;
  private readonly session: Session;
  private readonly moment: Moment;
  private chosen: string | undefined;
  private loading = new AbortController();
  private reading: Promise<void> = Promise.resolve();
  private readonly due = new Set<string>();
  private readonly overlay = new Map<string, Partial<Card>>();
  /** Those that changed while the day is read: its answer may be of before. */
  private readonly meanwhile = new Set<string>();
  private isReading = false;
  private timer = 0;
  private askedAt = -Infinity;
  private expecting = 0;
  private readonly again = new Again(() => this.load());
  private readonly askAgain = new Again(() => this.askNow());
  private found: Index | undefined;
  private bounds: readonly [from: number, to: number] = [0, 0];

  constructor(api: Api, session: Session, moment: Moment) {
    this.api = api;
    this.session = session;
    this.moment = moment;
    setInterval(() => {
      if (document.visibilityState === 'visible' && this.state === 'ready' && this.isToday && !moment.isPast) {
        void this.load();
      }
    }, expectedEvery);
  }

  /** The day that is shown. */
  get day(): string {
    return this.chosen ?? dayName(this.moment.time);
  }

  /** Whether that is the day of the moment that is shown. */
  get isToday(): boolean {
    return this.day === dayName(this.moment.time);
  }

  /** @param day Undefined: today, also when today is another day. */
  choose(day: string | undefined): void {
    if (day !== this.chosen || this.state !== 'ready') {
      this.chosen = day;
      this.state = 'loading';
      this.cards.clear();
      this.tell();
      void this.load();
    }
  }

  /** Reads the day; whoever still reads it is no longer waited for. */
  load(): Promise<void> {
    return (this.reading = this.read());
  }

  /** Reads it again after the reading that is under way, which is seen first. */
  async reload(): Promise<void> {
    await this.reading;
    await this.load();
  }

  private async read(): Promise<void> {
    if (!this.session.may('visits.read')) {
      this.fail(new Problem(403, '', {}));
      return;
    }

    this.again.pause();
    this.loading.abort();
    const { signal } = (this.loading = new AbortController());
    this.meanwhile.clear();
    this.isReading = true;
    try {
      const desk = await this.api.get<Desk>(`/api/desk?day=${this.day}${this.moment.query}`, signal);
      if (signal.aborted) {
        return;
      }

      const newer = [...this.meanwhile].flatMap(id => this.cards.get(id) ?? []);
      this.cards.clear();
      this.bounds = [Date.parse(desk.from), Date.parse(desk.to)];
      desk.visits.forEach(card => this.cards.set(card.id, this.laid(card)));
      newer.filter(({ id, version }) => version > (this.cards.get(id)?.version ?? version)).forEach(card => this.cards.set(card.id, card));
      this.crews = desk.crews;
      this.hasMore = desk.hasMore;
      this.state = 'ready';
      this.fault = undefined;
      this.isReading = false;
      this.again.stop();
      this.tell();
      this.meanwhile.forEach(id => this.ask(id));
    } catch (fault) {
      this.isReading = this.isReading && signal.aborted;
      if (signal.aborted) {
        return;
      }

      // What is there stays till then, but better no work than that of another moment.
      this.again.failed(fault);
      if (this.state !== 'ready' || this.moment.isPast) {
        this.cards.clear();
        this.fail(fault);
      }
    }
  }

  clear(): void {
    this.loading.abort();
    this.again.stop();
    this.askAgain.stop();
    this.isReading = false;
    this.cards.clear();
    this.crews = [];
    this.state = 'loading';
    this.tell();
  }

  /** What is shown is of another time than what comes: it is waited for. */
  turn(): void {
    this.clear();
    this.due.clear();
  }

  follow({ type, entityType, entityId, data }: Change): void {
    if (this.moment.isPast) {
      return;
    }

    if (type === 'visit.expected_arrival_changed') {
      this.expect(entityId, data as unknown as Expected);
    } else if (entityType === 'visit') {
      this.ask(entityId);
    } else if (type === 'order.status_changed') {
      [...this.cards.values()].filter(card => card.orderId === entityId).forEach(card => this.ask(card.id));
    }
  }

  /** A card as it will be once the server has answered; undefined: as the server has it. */
  foresee(id: string, part: Partial<Card> | undefined): void {
    const card = this.cards.get(id);
    if (part) {
      this.overlay.set(id, part);
    } else {
      this.overlay.delete(id);
    }

    if (card && part) {
      this.cards.set(id, { ...card, ...part });
      this.tell();
    } else {
      this.ask(id);
    }
  }

  /** One visit, whether it is of this day or not. */
  async one(id: string, signal?: AbortSignal): Promise<Card | undefined> {
    return this.cards.get(id) ?? (await this.api.get<Card[]>(`/api/desk/visits?ids=${id}${this.moment.query}`, signal))[0];
  }

  crewOf(card: Pick<Card, 'teamId' | 'vehicleId'>): Crew | undefined {
    const { crewsByTeam, crewsByVan } = this.index;
    return crewsByTeam.get(card.teamId ?? '') ?? crewsByVan.get(card.vehicleId ?? '');
  }

  /** The van that makes a visit: its own, or its team's. */
  vanOf(card: Pick<Card, 'teamId' | 'vehicleId'>): string | undefined {
    return card.vehicleId ?? this.crewOf(card)?.vehicleId ?? undefined;
  }

  /** A van's visits of the day, as they are planned. */
  of(vehicleId: string): readonly Card[] {
    return this.cardsByVan.get(vehicleId) ?? [];
  }

  /** The visit that a van is at, or goes to next. */
  nextOf(vehicleId: string): Card | undefined {
    const open = this.of(vehicleId).filter(isOpen);
    return open.find(({ status }) => !['scheduled', 'confirmed'].includes(status)) ?? open[0];
  }

  /** The list asks for every van that it shows, each time that it draws: nothing is looked for again until something changed. */
  private get index(): Index {
    return (this.found ??= {
      crewsByTeam: firstBy(this.crews, ({ teamId }) => teamId), crewsByVan: firstBy(this.crews, ({ vehicleId }) => vehicleId), cardsByVan: undefined,
    });
  }

  private get cardsByVan(): ReadonlyMap<string, readonly Card[]> {
    const { index } = this;
    if (!index.cardsByVan) {
      const byVan = new Map<string, Card[]>();
      const planned = [...this.cards.values()].filter(card => card.scheduledStart && card.status !== 'cancelled')
        .map(card => [Date.parse(card.scheduledStart!), card] as const).sort(([a], [b]) => a - b);
      for (const [, card] of planned) {
        const van = this.vanOf(card) ?? '';
        byVan.set(van, [...byVan.get(van) ?? [], card]);
      }

      index.cardsByVan = byVan;
    }

    return index.cardsByVan;
  }

  private tell(): void {
    this.found = undefined;
    this.changed.emit();
  }

  /** The expected arrival has moved: nothing else of the visit has. */
  private expect(id: string, { expectedArrival: arrival, punctuality, lateMinutes }: Expected): void {
    const card = this.cards.get(id);
    if (card && this.isToday) {
      const lasts = card.forecast ? Date.parse(card.forecast.end.expected) - Date.parse(card.forecast.arrival.expected) : 0;
      const end = card.forecast && { ...card.forecast.end, expected: new Date(Date.parse(arrival.expected) + lasts).toISOString() };
      this.cards.set(id, { ...card, forecast: { arrival, end: end ?? arrival, punctuality, lateMinutes } });
      this.found = undefined;
      // Of a fleet that drives there are many a second.
      this.expecting ||= window.setTimeout(() => {
        this.expecting = 0;
        this.tell();
      }, expectedTogether);
    }
  }

  private ask(id: string): void {
    this.due.add(id);
    if (this.isReading) {
      this.meanwhile.add(id);
    }

    this.timer ||= window.setTimeout(() => {
      this.timer = 0;
      this.askNow();
    }, performance.now() - this.askedAt < together ? together : 0);
  }

  private askNow(): void {
    this.askAgain.pause();
    this.askedAt = performance.now();
    const ids = [...this.due];
    this.due.clear();
    // Of very many at once all is asked for.
    void (ids.length > mostIds ? this.load() : this.refresh(ids));
  }

  private async refresh(ids: readonly string[]): Promise<void> {
    if (this.state !== 'ready' || this.moment.isPast) {
      return;
    }

    try {
      const found = await this.api.get<Card[]>(`/api/desk/visits?ids=${ids.join()}`);
      if (this.moment.isPast) {
        return;
      }

      for (const card of found) {
        const known = this.cards.get(card.id);
        if (known && known.version > card.version) {
          continue;
        }

        if (this.isOfTheDay(card)) {
          this.cards.set(card.id, this.laid({ ...card, forecast: known?.forecast ?? null }));
        } else {
          this.cards.delete(card.id);
        }
      }

      this.askAgain.stop();
      this.tell();
      this.moved.emit(found.map(({ id }) => id));
    } catch (fault) {
      // What changed is shown as it was until they come.
      ids.forEach(id => this.due.add(id));
      this.askAgain.failed(fault);
    }
  }

  private laid(card: Card): Card {
    return this.moment.isPast ? card : { ...card, ...this.overlay.get(card.id) };
  }

  private isOfTheDay({ status, scheduledStart, scheduledEnd }: Card): boolean {
    const [from, to] = this.bounds;
    return status === 'draft' || (Date.parse(scheduledStart ?? '') < to && Date.parse(scheduledEnd ?? '') > from);
  }

  private fail(fault: unknown): void {
    this.state = 'failed';
    this.fault = fault;
    this.tell();
  }
}

/** Each by what it is called; of several of one name the first. */
function firstBy<T>(items: readonly T[], nameOf: (item: T) => string | null | undefined): ReadonlyMap<string, T> {
  return new Map(items.toReversed().flatMap(item => {
    const name = nameOf(item);
    return name ? [[name, item] as const] : [];
  }));
}
