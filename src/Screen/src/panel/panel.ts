import type { Api } from '../api/client.ts';
import type { Change, Refusal, Vehicle } from '../api/types.ts';
import type { Fleet, Van } from '../fleet/fleet.ts';
import { clock, day } from '../i18n/format.ts';
import { languageChanged, t, word } from '../i18n/language.ts';
import type { Session } from '../login/session.ts';
import { byId, h, replace, setText } from '../page/dom.ts';
import { serverTime } from '../page/server-clock.ts';
import { Signal } from '../page/signal.ts';
import type { Work } from '../page/state.ts';
import type { Places } from '../places/places.ts';
import { isOpen, placeOf, span, urgencyOf, urgencyWord } from '../work/facts.ts';
import type { WorkStore } from '../work/store.ts';
import type { Card } from '../work/types.ts';
import { Actions } from './actions.ts';
import { dayOf } from './day.ts';
import { writeEquipment } from './equipment.ts';
import { writeFacts } from './facts.ts';
import { loadHistory } from './history.ts';
import { fill } from './section.ts';
import { TrackSection } from './track-section.ts';
import { Trips } from './trips.ts';

/** Everything about one van. */
export class Panel {
  readonly closed = new Signal();
  readonly track: TrackSection;
  readonly trips: Trips;
  /** A visit of the van is asked for. */
  readonly workChosen = new Signal<Work>();

  private readonly api: Api;
  private readonly session: Session;
  private readonly places: Places;
  private readonly streetOf: (van: Van) => string | undefined;
  private readonly store: WorkStore;
  private readonly actions: Actions;
  private readonly clock: () => number;
  private readonly element = byId('panel');
  private readonly heading = byId('panel-plate');
  private readonly parts = {
    name: byId('panel-name'), next: byId('panel-next'), nextBox: byId('panel-next-box'), status: byId('panel-status'), signal: byId('panel-signal'), facts: byId('panel-facts'),
    actions: byId('panel-actions'), track: byId('panel-track'), trips: byId('panel-trips'), tripsTitle: byId('panel-trips-title'),
    equipment: byId('panel-equipment'), history: byId('panel-history'),
  };
  private van: Van | undefined;
  private refusal: Refusal | null = null;
  private isPast = false;
  private loading = new AbortController();
  private unsubscribe: (() => void)[] = [];

  /**
   * @param streetOf The street that a van is in, where it is known.
   * @param clock Milliseconds since 1970 of the moment that is shown.
   */
  constructor(api: Api, session: Session, places: Places, streetOf: (van: Van) => string | undefined, store: WorkStore, clock: () => number) {
    this.streetOf = streetOf;
    this.store = store;
    this.session = session;
    this.api = api;
    this.places = places;
    this.actions = new Actions(api, session, id => this.visitsOf(id));
    this.parts.next.addEventListener('click', event => {
      const id = (event.target as Element).closest<HTMLElement>('[data-visit]')?.dataset['visit'];
      if (id) {
        this.workChosen.emit({ kind: 'visit', id });
      }
    });
    store.changed.on(() => this.writeVisits());
    this.track = new TrackSection(api, this.parts.track);
    this.trips = new Trips(api, places);
    this.clock = clock;
    byId('panel-close').addEventListener('click', () => this.closed.emit());
    languageChanged.on(() => this.van && this.load());
    setInterval(() => {
      this.write();
      // Midnight passed, or the replay jumped to another day.
      if (this.van && !this.track.isOf(this.day()[0])) {
        this.load();
      }

      this.track.grow();
    }, 1_000);
  }

  /** Moves between fleets leave the panel with the van of the other one. */
  show(fleet: Fleet, isPast: boolean): void {
    this.isPast = isPast;
    this.unsubscribe.forEach(stop => stop());
    const mine = (van: Van) => van === this.van && this.write();
    this.unsubscribe = [fleet.moved.on(mine), fleet.moved.on(van => this.onMoved(van)), fleet.changed.on(mine), fleet.reset.on(() => this.onReset())];
  }

  open(van: Van): void {
    const isOther = van.id !== this.van?.id;
    this.van = van;
    this.element.hidden = false;
    this.write();
    if (isOther) {
      this.track.clear();
      this.trips.clear();
      this.clearActions();
      this.load();
      this.element.scrollTop = 0;
      this.heading.focus({ preventScroll: true });
    }
  }

  /** Answers whether the reader was in it. */
  close(): boolean {
    const hadFocus = this.element.contains(document.activeElement);
    this.loading.abort();
    this.van = undefined;
    this.element.hidden = true;
    this.track.clear();
    this.trips.clear();
    return hadFocus;
  }

  /** Asks again for what a change of this van makes old. */
  onChange({ entityId, type }: Change): void {
    if (!this.van || entityId !== this.van.id) {
      return;
    }

    if (/^vehicle\.(trip|trips)_/.test(type)) {
      this.loadTrips();
    } else if (type === 'vehicle.positions_removed') {
      this.load();
    } else if (type === 'vehicle.fixes_refused' || type === 'vehicle.clock_corrected') {
      void this.loadRefusal();
    } else if (type === 'vehicle.status_changed' || type === 'vehicle.updated') {
      this.loadActions();
      this.loadHistory();
      this.writeEquipment();
    }
  }

  /** The connection is gone, or back. */
  cut(isCut: boolean): void {
    this.actions.cut(isCut);
  }

  /** What was asked for may be of another time. */
  reload(): void {
    if (this.van) {
      this.load();
    }
  }

  private load(): void {
    this.loading.abort();
    this.loading = new AbortController();
    const { signal } = this.loading;
    this.loadActions();
    this.loadTrips();
    this.loadHistory();
    this.writeEquipment();
    this.refusal = null;
    void this.loadRefusal();
    this.track.load(this.van!, this.day(), signal);
  }

  private onMoved(van: Van): void {
    if (van === this.van && this.track.isOf(this.day()[0])) {
      this.track.follow(van);
    }
  }

  private onReset(): void {
    this.write();
    if (this.van) {
      void this.track.catchUp(this.van);
    }
  }

  private loadTrips(): void {
    const { signal } = this.loading;
    const [from, to] = this.day();
    setText(this.parts.tripsTitle, from.getTime() === dayOf(serverTime())[0].getTime() ? t('trips') : t('tripsOf', { date: day(from) }));
    void fill(this.parts.trips, signal, () => this.trips.load(this.van!.id, from, to, signal));
  }

  private loadHistory(): void {
    const { signal } = this.loading;
    void fill(this.parts.history, signal, () => loadHistory(this.api, this.session, this.van!.id, signal));
  }

  /** What is wrong with the tracker is of now; without an answer nothing is said of it. */
  private async loadRefusal(): Promise<void> {
    const { signal } = this.loading;
    const asked = this.isPast ? null : await this.api.get<Vehicle>(`/api/vehicles/${this.van!.id}`, signal).catch(() => null);
    if (!signal.aborted) {
      this.refusal = asked?.lastRefusal ?? null;
      this.write();
    }
  }

  /** The visits that a van may arrive at: of today, and not begun. */
  private async visitsOf(id: string): Promise<readonly Card[]> {
    if (!this.store.isToday || this.store.state !== 'ready') {
      const desk = await this.api.get<{ readonly visits: readonly Card[]; readonly crews: readonly { readonly teamId: string; readonly vehicleId?: string | null }[] }>('/api/desk');
      const teams = new Set(desk.crews.filter(crew => crew.vehicleId === id).map(crew => crew.teamId));
      return desk.visits.filter(card => (card.vehicleId === id || (!card.vehicleId && card.teamId && teams.has(card.teamId))) && ['scheduled', 'confirmed', 'en_route'].includes(card.status));
    }

    return this.store.of(id).filter(({ status }) => ['scheduled', 'confirmed', 'en_route'].includes(status));
  }

  /** What the van does today: past visits are told after those to come. */
  private writeVisits(): void {
    const { van, store, parts } = this;
    const cards = van && store.state === 'ready' && store.isToday ? store.of(van.id) : [];
    parts.nextBox.hidden = !cards.length;
    const now = this.clock();
    const next = van && cards.length ? store.nextOf(van.id) : undefined;
    const arrival = next && !next.arrivedAt ? next.forecast?.arrival.expected : undefined;
    const arrives = byId('panel-arrival');
    arrives.hidden = !arrival;
    if (next && arrival) {
      setText(arrives, [`→ ${t('about', { time: clock(arrival) })}`, next.city ?? next.customerName, urgencyWord(next, now)].filter(Boolean).join(' · '));
      arrives.dataset['urgency'] = urgencyOf(next, now);
    }

    const text = JSON.stringify([cards.map(card => [card.id, card.version, card.status, card.forecast?.arrival.expected, urgencyWord(card, now)]), document.documentElement.lang]);
    if (parts.next.dataset['written'] === text) {
      return;
    }

    parts.next.dataset['written'] = text;
    const crew = van && store.crewOf({ vehicleId: van.id });
    replace(parts.next,
      crew && h('p.quiet', {}, ...crew.members.flatMap((member, i) => [i ? ', ' : '', member.phone ? h('a', { href: `tel:${member.phone}` }, member.name) : member.name])),
      h('ul.rows', {}, ...[...cards.filter(isOpen), ...cards.filter(card => !isOpen(card))].map(card => h('li', {}, h(
        'button.row-button', { type: 'button', 'data-visit': card.id, 'data-urgency': urgencyOf(card, now) },
        h('b', {}, span(card.scheduledStart!, card.scheduledEnd!)), ` ${card.customerName ?? card.orderNumber} `, h('span.quiet', {}, placeOf(card)), ' ',
        h('span.card-urgency', {}, isOpen(card) ? urgencyWord(card, now) || word('visitStatus.', card.status) : word('visitStatus.', card.status)))))));
  }

  private writeEquipment(): void {
    writeEquipment(this.parts.equipment, this.van!.vehicle.equipmentList?.equipment ?? []);
  }

  /** The day of the moment that is shown. */
  private day(): [from: Date, to: Date] {
    return dayOf(this.clock());
  }

  private loadActions(): void {
    const { signal } = this.loading;
    if (this.isPast) {
      // They are of now, and so is what would be done.
      this.clearActions();
      replace(this.parts.actions, h('p.quiet', {}, t('actionsOfNow', { live: t('replayClose') })));
    } else if (this.van) {
      void fill(this.parts.actions, signal, () => this.actions.load(this.van!.vehicle, signal));
    }
  }

  private clearActions(): void {
    this.actions.clear();
    this.parts.actions.replaceChildren();
  }

  private write(): void {
    if (!this.van) {
      return;
    }

    const { vehicle } = this.van;
    const { parts } = this;
    this.writeVisits();
    setText(this.heading, vehicle.licensePlate);
    setText(parts.name, vehicle.vehicleName ?? '');
    setText(parts.status, t(vehicle.operationalStatus));
    parts.status.dataset['status'] = vehicle.operationalStatus;
    setText(parts.signal, t(`freshness.${vehicle.freshness}`));
    parts.signal.dataset['freshness'] = vehicle.freshness;
    const { currentLocation: place } = vehicle;
    writeFacts(parts.facts, vehicle, place ? this.streetOf(this.van) ?? this.places.write(place) : undefined, this.clock(), this.refusal);
  }
}
