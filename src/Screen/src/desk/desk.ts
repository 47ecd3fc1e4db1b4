import type { Api } from '../api/client.ts';
import type { Change } from '../api/types.ts';
import { Alerts } from '../alerts/alerts.ts';
import { Board } from '../board/board.ts';
import { CallCards } from '../calls/call-cards.ts';
import { CallsView } from '../calls/calls-view.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { languageChanged, t, word } from '../i18n/language.ts';
import { Inbox } from '../inbox/inbox.ts';
import { ThreadPanel } from '../inbox/thread-panel.ts';
import { clock, dayOfWeek, moment as momentText } from '../i18n/format.ts';
import type { Session } from '../login/session.ts';
import { byId, setText } from '../page/dom.ts';
import type { Shortcut } from '../page/keys.ts';
import { Notice } from '../page/notice.ts';
import { serverTime } from '../page/server-clock.ts';
import { Signal } from '../page/signal.ts';
import { onlyFor, openOnly, viewOf, type Only } from '../page/only.ts';
import { views, type State, type View, type Work } from '../page/state.ts';
import type { Chooser } from '../palette/chooser.ts';
import type { Coordinates } from '../places/towns.ts';
import type { Preferences } from '../preferences/preferences.ts';
import { Lookback } from '../replay/lookback.ts';
import { Lift } from '../schedule/lift.ts';
import { Schedule } from '../schedule/schedule.ts';
import { candidatesOf } from '../work/assign.ts';
import { Planning } from '../work/commands.ts';
import { at, dayName, later } from '../work/day.ts';
import { isMovable } from '../work/facts.ts';
import { Many } from '../work/many.ts';
import { Moment } from '../work/moment.ts';
import { NewOrder } from '../work/new-order.ts';
import { WorkPanel } from '../work/panel.ts';
import { WorkStore } from '../work/store.ts';
import type { Card } from '../work/types.ts';
import type { WallAlert } from '../wall/wall.ts';

const titles = { map: 'map', board: 'viewBoard', day: 'viewDay', inbox: 'viewInbox', calls: 'viewCalls', alerts: 'viewAlerts' } as const;
const dockSetting = 'chargecars.dock';
/** As narrow.css has it: the desk has the whole of a narrow window. */
const narrow = matchMedia('(max-width: 1000px)');

/** The work beside the map: the board, the day, the conversations, the calls and what needs somebody; and the panels of what is chosen there. */
export class Desk {
  /** It shows something else, which belongs in the address. */
  readonly noted = new Signal<Partial<State>>();
  readonly vanChosen = new Signal<string>();
  /** The map may be in sight again. */
  readonly uncovered = new Signal();
  /** The visit that is open, which the map shows too. */
  readonly placed = new Signal<Card | undefined>();
  readonly store: WorkStore;
  readonly notice = new Notice();

  private readonly api: Api;
  private readonly session: Session;
  private readonly fleet: Fleet;
  private readonly chooser: Chooser;
  private readonly planning: Planning;
  private readonly board: Board;
  private readonly schedule: Schedule;
  private readonly inbox: Inbox;
  private readonly calls: CallsView;
  private readonly cards: CallCards;
  private readonly alerts: Alerts;
  private readonly work: WorkPanel;
  private readonly thread: ThreadPanel;
  private readonly newOrder: NewOrder;
  private readonly many: Many;
  private readonly moment = new Moment();
  private readonly lookback = new Lookback(this.moment, isRunning => this.look(isRunning), isBehind => this.mark(isBehind));
  private readonly element = byId('desk');
  private readonly sought = byId<HTMLInputElement>('sought');
  private readonly only: Only | undefined;
  private view: View = 'map';
  private open: Work | undefined;
  private under: Work | undefined;

  /**
   * @param only What the window shows alone.
   * @param nameOf What people call a place.
   */
  constructor(api: Api, session: Session, fleet: Fleet, chooser: Chooser, preferences: Preferences, only: Only | undefined, nameOf: (place: Coordinates) => string | undefined) {
    this.only = only;
    this.api = api;
    this.session = session;
    this.fleet = fleet;
    this.chooser = chooser;
    this.store = new WorkStore(api, session, this.moment);
    const whoOf = (card: Card) => this.whoOf(card);
    this.planning = new Planning(api, this.store, this.notice, slot => this.whoOf(slot) || t('nobody'));
    this.board = new Board(this.store, whoOf, this.moment);
    this.schedule = new Schedule(this.store, fleet, new Lift(this.planning), this.moment);
    this.inbox = new Inbox(api, session);
    this.calls = new CallsView(api, session, this.notice, this.moment);
    this.cards = new CallCards(api, session, this.store, nameOf);
    this.alerts = new Alerts(api, session, this.store, fleet, this.notice, this.moment, chooser, preferences);
    this.work = new WorkPanel(api, session, this.store, this.moment, this.planning, whoOf);
    this.thread = new ThreadPanel(api, session, this.notice);
    this.newOrder = new NewOrder(api, chooser, this.notice, id => this.choose({ kind: 'visit', id }));
    this.many = new Many(api, session, this.store, this.planning, this.notice);
    this.wire();
  }

  /** Whether it lies over all of the map. */
  get isCovering(): boolean {
    return this.view !== 'map' && (document.body.dataset['dock'] !== 'half' || narrow.matches);
  }

  /** Answers when the map is in sight. */
  whenUncovered(): Promise<void> {
    return new Promise(resolve => {
      const ignore = this.uncovered.on(() => {
        if (!this.isCovering) {
          ignore();
          resolve();
        }
      });
    });
  }

  get hasWork(): boolean {
    return this.open !== undefined;
  }

  /** Answers when the work is there, or can't be had. */
  start(): Promise<void> {
    this.loadRest();
    return this.store.load();
  }

  /** @param isLeft The person has signed out. */
  stop(isLeft: boolean): void {
    this.choose(undefined);
    this.thread.clear(isLeft);
    this.store.clear();
    this.inbox.clear();
    this.calls.clear();
    this.cards.clear();
    this.alerts.clear();
    this.notice.clear();
  }

  /** What a screen on the wall tells of. */
  wallAlerts(): WallAlert[] {
    return this.alerts.forWall;
  }

  /** What a lost connection kept from the page. */
  reload(): void {
    void this.store.reload();
    this.loadRest();
  }

  private loadRest(): void {
    void this.inbox.load();
    this.calls.load();
    void this.cards.load();
    this.alerts.load();
  }

  follow(change: Change): void {
    this.store.follow(change);
    this.work.follow(change);
    this.thread.follow(change);
    this.inbox.follow(change);
    this.calls.follow(change);
    this.cards.calls.follow(change);
    this.alerts.follow(change);
  }

  /** Shows what an address says of the work. */
  go({ view, work, day, sought, manner, sorting }: State): void {
    this.store.choose(day);
    this.seek(sought);
    this.board.go({ manner, sorting });
    this.show(view);
    this.choose(work);
  }

  show(asked: View): void {
    const view = this.only ? viewOf(this.only) : asked;
    this.view = view;
    document.body.dataset['view'] = view;
    this.element.hidden = view === 'map';
    for (const [name, id] of [['board', 'board'], ['day', 'schedule'], ['inbox', 'inbox'], ['calls', 'calls'], ['alerts', 'alerts']] as const) {
      byId(id).hidden = name !== view;
    }

    for (const button of document.querySelectorAll<HTMLElement>('#views [data-view]')) {
      if (button.dataset['view'] === view) {
        button.setAttribute('aria-current', 'page');
      } else {
        button.removeAttribute('aria-current');
      }
    }

    byId('desk-days').hidden = view !== 'board' && view !== 'day';
    byId('board-manner').hidden = view !== 'board';
    this.sought.hidden = view === 'calls' || view === 'alerts';
    byId('order-new').hidden = (view !== 'board' && view !== 'day') || !this.session.may('orders.write') || !this.session.may('visits.write');
    this.write();
    this.board.schedule();
    this.schedule.schedule();
    this.alerts.draw();
    if (this.moment.isPast) {
      void this.look();
    } else if (view === 'calls') {
      this.calls.load();
    }

    byId('window-open').hidden = !onlyFor(view);
    this.noted.emit({ view });
    this.uncovered.emit();
  }

  /** Opens a piece of work over the van that is open; undefined: closes it. */
  choose(work: Work | undefined): void {
    const before = this.open;
    this.open = work;
    // A conversation lies over the work that it was opened from.
    this.under = work?.kind !== 'thread' ? undefined : before?.kind === 'thread' ? this.under : before;
    document.body.classList.toggle('working', work !== undefined);
    const hadFocus = [work?.kind === 'thread' ? this.work.close() : false, work?.kind === 'thread' ? false : this.thread.close(), work ? false : this.work.close()].some(Boolean);
    if (work?.kind === 'thread') {
      this.thread.open(work.id);
    } else if (work) {
      this.work.open(work);
    }

    this.board.select(work?.kind === 'visit' ? work.id : undefined);
    this.schedule.select(work?.kind === 'visit' ? work.id : undefined);
    this.inbox.select(work?.kind === 'thread' ? work.id : undefined);
    if (before && !work && hadFocus) {
      this.focus();
    }

    this.noted.emit({ work });
  }

  /** Closes the work that is open: what lay under it is there again. */
  back(): void {
    this.choose(this.under);
  }

  /**
   * Shows the work as it was at a moment, from where nothing can be changed.
   * @param at Ms since 1970; undefined: the work of now.
   */
  lookAt(at: number | undefined, isRunning: boolean): void {
    if ((at !== undefined) !== this.moment.isPast) {
      this.moment.put(at);
      this.schedule.putBack();
      this.notice.hide();
      this.store.turn();
      this.alerts.turn();
      this.calls.turn();
      this.write();
      if (at === undefined) {
        void this.store.load();
        this.work.reload();
      }
    }

    this.lookback.show(at, isRunning);
  }

  /**
   * Asks for the work of the moment that is looked at, as far as it is shown.
   * @param isRunning What is shown is of a little before, and stays until there is an answer.
   */
  private async look(isRunning = false): Promise<void> {
    this.write();
    await Promise.all([this.store.load(), this.view === 'alerts' && this.alerts.look(isRunning), this.view === 'calls' && this.calls.look(isRunning)]);
    this.work.reload();
  }

  /** What is shown is not yet of the moment that is looked at. */
  private mark(isBehind: boolean): void {
    this.element.ariaBusy = String(isBehind);
    byId('desk-past-wait').hidden = !isBehind;
  }

  /** The crew in words: who of the team, or its plate. */
  whoOf(card: Pick<Card, 'teamId' | 'vehicleId'>): string {
    const [crew, van] = [this.store.crewOf(card), this.store.vanOf(card)];
    return (van && this.fleet.vans.get(van)?.vehicle.licensePlate) ?? crew?.name ?? '';
  }

  assign(card?: Card): void {
    const many = this.view === 'board' ? this.board.rows.many : [];
    if (!card && many.length > 1 && !this.moment.isPast) {
      this.many.open('plan', many);
    } else {
      this.assignOne(card ?? this.work.visit);
    }
  }

  private assignOne(card: Card | undefined): void {
    if (this.moment.isPast) {
      this.refuse();
    } else if (!card) {
      this.notice.say(t('chooseVisitFirst'));
    } else if (!isMovable(card)) {
      this.notice.fail(t('notMovable', { status: word('visitStatus.', card.status) }));
    } else if (!this.session.may('visits.write')) {
      this.notice.fail(t('noPermission', { permission: 'visits.write' }));
    } else {
      this.chooser.open(t('assignTo', { what: [card.customerName, card.city].filter(Boolean).join(', ') || card.orderNumber }),
        candidatesOf(this.api, this.planning, card, this.store.day, id => this.fleet.vans.get(id)?.vehicle.licensePlate));
    }
  }

  shortcuts(): Shortcut[] {
    const isDays = () => this.view === 'board' || this.view === 'day';
    return [
      { key: 'g k', text: 'keyMap', run: () => this.show('map') },
      { key: 'g d', text: 'keyDay', run: () => this.enter('day') },
      { key: 'g o', text: 'keyBoard', run: () => this.enter('board') },
      { key: 'g b', text: 'keyInbox', run: () => this.enter('inbox') },
      { key: 'g t', text: 'keyCalls', run: () => this.enter('calls') },
      { key: 'g m', text: 'keyAlerts', run: () => this.enter('alerts') },
      { key: 'a', text: 'keyAssign', run: () => this.assign() },
      { key: 'n', text: 'newOrder', run: () => this.beginOrder() },
      { key: 'c', text: 'keyCall', run: () => this.cards.focus() },
      { key: 'd', text: 'dock', run: () => this.dock() },
      { key: 'v', text: 'boardManner', isFor: () => this.view === 'board', run: () => this.board.turn() },
      { key: 't', text: 'today', isFor: isDays, run: () => this.setDay(undefined) },
      { key: '[', text: 'dayBefore', isFor: isDays, run: () => this.setDay(later(this.store.day, -1)) },
      { key: ']', text: 'dayAfter', isFor: isDays, run: () => this.setDay(later(this.store.day, 1)) },
      { key: '+', text: 'hoursWider', isFor: () => this.view === 'day', run: () => this.schedule.zoom(1.25) },
      { key: '-', text: 'hoursNarrower', isFor: () => this.view === 'day', run: () => this.schedule.zoom(0.8) },
      { key: 'z', text: 'undo', isControl: true, run: () => this.notice.undo() },
    ];
  }

  /** Shows a view, and the reader goes on in it. */
  enter(view: View): void {
    this.show(view);
    requestAnimationFrame(() => requestAnimationFrame(() => this.focus()));
  }

  focus(): void {
    const parts = { board: this.board, day: this.schedule, inbox: this.inbox, calls: this.calls, alerts: this.alerts } as const;
    if (this.view !== 'map') {
      parts[this.view].focus();
    }
  }

  private wire(): void {
    for (const button of document.querySelectorAll<HTMLElement>('#views [data-view]')) {
      button.addEventListener('click', () => this.show(views.find(view => view === button.dataset['view']) ?? 'map'));
    }

    byId('day-before').addEventListener('click', () => this.setDay(later(this.store.day, -1)));
    byId('day-after').addEventListener('click', () => this.setDay(later(this.store.day, 1)));
    byId('day-today').addEventListener('click', () => this.setDay(undefined));
    byId('dock').addEventListener('click', () => this.dock());
    byId('window-open').addEventListener('click', () => openOnly(onlyFor(this.view) ?? 'map', location.hash));
    document.body.dataset['dock'] = this.only ? 'full' : kept();
    this.sought.addEventListener('input', () => this.seek(this.sought.value.trim()));
    languageChanged.on(() => this.write());
    this.store.changed.on(() => this.write());
    for (const chosen of [this.board.chosen, this.schedule.chosen]) {
      chosen.on(card => this.choose({ kind: 'visit', id: card.id }));
    }

    this.board.noted.on(part => this.noted.emit(part));
    this.board.rows.manyWanted.on(kind => this.many.open(kind, this.board.rows.many));
    this.inbox.chosen.on(id => this.choose({ kind: 'thread', id }));
    for (const chosen of [this.work.chosen, this.thread.chosen, this.cards.chosen]) {
      chosen.on(work => this.choose(work));
    }

    this.work.shown.on(card => this.placed.emit(card));
    this.work.failed.on(text => this.notice.fail(text));
    byId('order-new').addEventListener('click', () => this.beginOrder());
    this.schedule.refused.on(text => this.notice.fail(text));
    this.work.closed.on(() => this.choose(undefined));
    this.thread.closed.on(() => this.back());
    this.work.assignAsked.on(card => this.assign(card));
    for (const chosen of [this.work.vanChosen, this.schedule.vanChosen, this.alerts.vanChosen, this.cards.vanChosen]) {
      chosen.on(id => this.vanChosen.emit(id));
    }

    this.cards.calls.began.on(() => this.alerts.ring());
    this.alerts.visitChosen.on(id => this.choose({ kind: 'visit', id }));
    this.alerts.orderChosen.on(id => this.choose({ kind: 'order', id }));
    this.alerts.threadChosen.on(id => this.choose({ kind: 'thread', id }));
    this.alerts.callsWanted.on(() => this.enter('calls'));
    this.inbox.counted.on(n => count('inbox', n));
    this.calls.counted.on(n => count('calls', n));
    this.alerts.counted.on(n => count('alerts', n));
  }

  private beginOrder(): void {
    if (this.moment.isPast) {
      this.refuse();
    } else {
      this.newOrder.begin();
    }
  }

  private refuse(): void {
    this.notice.fail(t('actionsOfNow', { live: t('replayClose') }));
  }

  private setDay(day: string | undefined): void {
    const next = day === dayName(this.moment.time) ? undefined : day;
    this.store.choose(next);
    this.noted.emit({ day: next });
    this.write();
    if (next === undefined) {
      this.schedule.showNow();
    }
  }

  private seek(sought: string): void {
    if (this.sought.value.trim() !== sought) {
      this.sought.value = sought;
    }

    this.board.refilter(sought);
    this.schedule.refilter(sought);
    this.inbox.refilter(sought);
    this.noted.emit({ sought });
  }

  /** The whole stage, or the half of it under the map. */
  private dock(): void {
    if (this.only) {
      return;
    }

    const next = document.body.dataset['dock'] === 'half' ? 'full' : 'half';
    document.body.dataset['dock'] = next;
    this.uncovered.emit();
    try {
      localStorage.setItem(dockSetting, next);
    } catch {
      // Then it lasts as long as the page.
    }
  }

  private write(): void {
    const { isPast, time } = this.moment;
    const isOfNow = this.view === 'inbox';
    byId('desk-past').hidden = !isPast || isOfNow;
    byId('desk-now').hidden = !isPast || !isOfNow;
    // Read out with every second that is replayed, it would be all that is heard.
    setText(byId('desk-past-time'), !isPast ? '' : dayName(time) === dayName(serverTime()) ? clock(time, true) : momentText(time));
    setText(byId('desk-past-why'), isPast ? t('actionsOfNow', { live: t('replayClose') }) : '');
    byId<HTMLButtonElement>('order-new').disabled = isPast;
    byId('order-new').title = isPast ? t('actionsOfNow', { live: t('replayClose') }) : '';
    setText(byId('desk-title'), t(titles[this.view]));
    setText(byId('day-name'), dayOfWeek(at(this.store.day, 12)));
    byId('day-today').hidden = this.store.isToday;
  }
}

function count(view: string, n: number): void {
  const element = byId(`count-${view}`);
  element.hidden = n === 0;
  setText(element, n > 99 ? '99+' : String(n));
}

function kept(): string {
  try {
    return localStorage.getItem(dockSetting) === 'half' ? 'half' : 'full';
  } catch {
    return 'full';
  }
}
