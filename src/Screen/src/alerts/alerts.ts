import type { Api } from '../api/client.ts';
import { wordsOf, wordsOfReading } from '../api/problem.ts';
import type { Change } from '../api/types.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { age, clock, moment } from '../i18n/format.ts';
import { languageChanged, t, word } from '../i18n/language.ts';
import type { Session } from '../login/session.ts';
import { byId, h, replace } from '../page/dom.ts';
import { faultLine } from '../page/fault-line.ts';
import type { Notice } from '../page/notice.ts';
import { Signal } from '../page/signal.ts';
import type { Chooser } from '../palette/chooser.ts';
import { soundLevels, type Preferences } from '../preferences/preferences.ts';
import type { WallAlert } from '../wall/wall.ts';
import type { Moment } from '../work/moment.ts';
import type { WorkStore } from '../work/store.ts';
import { Colleagues } from './assign.ts';
import { Chime } from './chime.ts';
import { openOf, soundOf } from './rules.ts';
import { AlertStore, readAlerts } from './store.ts';
import type { Alert } from './types.ts';

/** So long an alert is before the reader before it counts as seen, ms. */
const seenAfter = 1_500;

/** What needs somebody, the same for all who see to it; or what did at a moment of the past, while those of now are counted and heard behind it. */
export class Alerts {
  readonly visitChosen = new Signal<string>();
  readonly vanChosen = new Signal<string>();
  readonly orderChosen = new Signal<string>();
  readonly threadChosen = new Signal<string>();
  readonly callsWanted = new Signal();
  readonly counted = new Signal<number>();

  private readonly api: Api;
  private readonly moment: Moment;
  private readonly work: WorkStore;
  private readonly session: Session;
  private readonly fleet: Fleet;
  private readonly notice: Notice;
  private readonly store: AlertStore;
  private readonly chooser: Chooser;
  private readonly preferences: Preferences;
  private readonly colleagues: Colleagues;
  private readonly chime = new Chime();
  private readonly element = byId('alerts');
  private readonly spoken = byId('alert-spoken');
  private readonly sound = h('select', { id: 'alert-sound' });
  private readonly soundLabel = h('label', { for: 'alert-sound' });
  // Without an alert it has the focus itself: from a choice no key would lead on.
  private readonly list = h('ul.work-rows', { tabindex: -1 });
  private written = '';
  private seeing = 0;
  /** Those of the moment that is looked at; undefined while they are waited for. */
  private past: { readonly open: readonly Alert[]; readonly fault: unknown } | undefined;
  private looking = new AbortController();

  constructor(api: Api, session: Session, work: WorkStore, fleet: Fleet, notice: Notice, moment: Moment, chooser: Chooser, preferences: Preferences) {
    this.chooser = chooser;
    this.preferences = preferences;
    this.colleagues = new Colleagues(api);
    this.api = api;
    this.moment = moment;
    this.work = work;
    this.session = session;
    this.fleet = fleet;
    this.notice = notice;
    this.store = new AlertStore(api, session);
    replace(this.element, h('p.alert-sound', {}, this.soundLabel, this.sound), this.list);
    this.sound.addEventListener('change', () => this.chooseSound());
    preferences.changed.on(() => this.writeSound());
    this.writeSound();
    this.list.addEventListener('click', event => this.onClick(event));
    this.list.addEventListener('keydown', event => this.onKey(event));
    this.store.changed.on(() => this.draw());
    this.store.rose.on(alert => this.tell(alert));
    work.changed.on(() => this.draw());
    languageChanged.on(() => {
      this.writeSound();
      this.redraw();
    });
    setInterval(() => this.draw(), 15_000);
  }

  /** The same for those who pass by a screen on the wall. */
  get forWall(): WallAlert[] {
    return this.store.open.map(alert => {
      const [subject = '', ...where] = this.whomOf(alert);
      return { key: alert.id, tone: alert.severity === 'high' ? 'bad' : 'warn', subject, text: [whatOf(alert), ...where].join(' · ') };
    });
  }

  load(): void {
    void this.store.load();
    if (this.session.may('alerts.write')) {
      // Without their names they are colleagues all the same.
      void this.colleagues.load().then(() => this.draw(), () => undefined);
    }
  }

  /**
   * Asks for those of the moment that is looked at.
   * @param isRunning Those of a little before stay until there is an answer.
   */
  async look(isRunning: boolean): Promise<void> {
    this.looking.abort();
    if (!isRunning) {
      this.past = undefined;
      this.draw();
    }

    const { signal } = (this.looking = new AbortController());
    try {
      const open = this.session.may('alerts.read') ? openOf(await readAlerts(this.api, this.moment.query, signal)) : [];
      this.past = signal.aborted ? this.past : { open, fault: undefined };
    } catch (fault) {
      this.past = signal.aborted ? this.past : { open: [], fault };
    }

    // What came late is of a moment that is shown no more.
    if (!signal.aborted) {
      this.draw();
    }
  }

  /** What is shown is of another time. */
  turn(): void {
    this.looking.abort();
    this.past = undefined;
    this.draw();
  }

  clear(): void {
    this.store.clear();
    this.spoken.textContent = '';
    this.colleagues.clear();
  }

  follow(change: Change): void {
    this.store.follow(change);
  }

  /** Somebody calls. */
  ring(): void {
    this.chime.ring('call');
  }

  focus(): void {
    (this.list.querySelector<HTMLElement>('button') ?? this.list).focus();
  }

  draw(): void {
    const { open } = this.store;
    const unread = open.filter(({ isUnread }) => isUnread);
    this.counted.emit(open.length);
    document.title = unread.length ? `(${unread.length}) ${t('title')}` : t('title');
    if (this.element.hidden) {
      return;
    }

    const { isPast, time: now } = this.moment;
    const { open: shown, fault } = !isPast ? this.store : this.past ?? { open: [], fault: undefined };
    if (!isPast) {
      this.seeSoon(unread);
    }

    const text = JSON.stringify([
      shown, shown.map(alert => this.whomOf(alert)), shown.map(alert => alert.assignedToContactId && this.colleagues.nameOf(alert.assignedToContactId)), Math.floor(now / 60_000),
      String(fault ?? ''), isPast, Boolean(this.past)]);
    if (text === this.written) {
      return;
    }

    this.written = text;
    const focused = document.activeElement?.closest<HTMLElement>('#alerts [data-alert]');
    const [id, place] = [focused?.dataset['alert'], [...this.list.children].indexOf(focused as Element)];
    const what = (document.activeElement as HTMLElement | null)?.dataset['do'];
    replace(this.list, ...(!this.session.may('alerts.read') ? [h('li.quiet', {}, t('forbidden'))]
      : isPast && !this.past ? [h('li.quiet', {}, t('loading'))]
      : fault || shown.length ? [fault ? faultLine(wordsOfReading(fault)) : null, ...shown.map(alert => this.row(alert, now))] : [h('li.quiet', {}, t('noAlerts'))]));
    if (id) {
      // Where the one that had the focus is gone, the one in its place has it.
      const same = this.list.querySelector<HTMLElement>(`[data-alert="${CSS.escape(id)}"] [data-do="${what}"]`);
      const next = this.list.children[Math.min(place, this.list.children.length - 1)]?.querySelector<HTMLElement>('button');
      (same ?? next ?? this.list).focus();
    }
  }

  private redraw(): void {
    this.written = '';
    this.draw();
  }

  private row(alert: Alert, now: number): HTMLElement {
    const [what, whom] = [whatOf(alert), this.whomOf(alert)];
    const isMine = Boolean(alert.assignedToContactId) && alert.assignedToContactId === this.session.user?.contactId;
    const { isPast } = this.moment;
    const isNew = alert.isUnread && !isPast;
    const button = (action: string, text: string) =>
      h('button.chip', { type: 'button', 'data-do': action, disabled: isPast, title: isPast && reasonOfPast(), 'aria-label': `${text}: ${[what, ...whom].join(' · ')}` }, text);
    return h('li.work-row.alert', { 'data-alert': alert.id, 'data-type': alert.alertType, 'data-tone': alert.severity === 'high' ? 'bad' : 'warn', 'data-unread': String(isNew) },
      h('button.row-button', { type: 'button', 'data-do': 'open' },
        h('span.alert-tone', { 'aria-hidden': 'true' }, alert.severity === 'high' ? '▲' : '●'), ' ', h('b', {}, what), ' ', whom.join(' · '),
        isNew && h('span.hidden', {}, ` · ${t('unread')}`)),
      h('span.row-end', {},
        alert.assignedToContactId && h('span.tag', { title: alert.assigned?.by }, isMine ? t('mine') : this.colleagues.nameOf(alert.assignedToContactId) ?? t('assigned')),
        h('time.quiet', { datetime: alert.raisedAt, title: moment(alert.raisedAt) }, age(now - Date.parse(alert.raisedAt)))),
      this.session.may('alerts.write') && h('span.row-actions', {},
        button('done', t('done')), button('snooze', t('snoozeQuarter')), button('snooze-hour', t('snoozeHourShort')), button('assign', t('assignAlert'))));
  }

  private chooseSound(): void {
    const sound = soundLevels.find(level => level === this.sound.value) ?? 'normal';
    this.preferences.change(settings => ({ ...settings, sound })).catch((fault: unknown) => this.notice.fail(wordsOf(fault)));
    this.chime.sample('late');
  }

  private writeSound(): void {
    const { sound } = this.preferences.settings;
    this.chime.level = sound;
    this.soundLabel.textContent = t('sound');
    replace(this.sound, ...soundLevels.map(level => h('option', { value: level, selected: level === sound }, t(`sound.${level}`))));
    this.sound.value = sound;
  }

  /** Whom and where: the customer and the town where the visit is known here, else what the server calls it; and the van. */
  private whomOf({ visitId, vehicleId, entityType, label }: Alert): string[] {
    const card = visitId ? this.work.cards.get(visitId) : undefined;
    const plate = vehicleId ? this.fleet.vans.get(vehicleId)?.vehicle.licensePlate : undefined;
    return [...new Set([card?.customerName ?? (entityType === 'vehicle' ? plate ?? label : label), card?.city, plate])].filter((part): part is string => Boolean(part));
  }

  private tell(alert: Alert): void {
    const sound = soundOf(alert);
    if (sound) {
      this.spoken.textContent = [whatOf(alert), ...this.whomOf(alert)].join(' · ');
      this.chime.ring(sound);
    }
  }

  private seeSoon(unread: readonly Alert[]): void {
    if (unread.length && !this.seeing && document.visibilityState === 'visible') {
      this.seeing = window.setTimeout(() => {
        this.seeing = 0;
        if (!this.element.hidden && document.visibilityState === 'visible') {
          void this.store.see(unread.slice(0, 500));
        }
      }, seenAfter);
    }
  }

  private find(id: string): Alert | undefined {
    return this.moment.isPast ? this.past?.open.find(alert => alert.id === id) : this.store.find(id);
  }

  private onClick(event: MouseEvent): void {
    const button = (event.target as Element).closest<HTMLElement>('[data-do]');
    const alert = this.find(button?.closest<HTMLElement>('[data-alert]')?.dataset['alert'] ?? '');
    if (button && alert) {
      this.do(alert, button.dataset['do']!);
    }
  }

  private onKey(event: KeyboardEvent): void {
    const row = (event.target as Element).closest<HTMLElement>('[data-alert]');
    const alert = this.find(row?.dataset['alert'] ?? '');
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!row || !alert || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }

    if (step) {
      event.preventDefault();
      const rows = [...this.list.querySelectorAll<HTMLElement>('[data-alert]')];
      rows[rows.indexOf(row) + step]?.querySelector<HTMLElement>('button')?.focus();
      return;
    }

    const action = { e: 'done', s: 'snooze', S: 'snooze-hour', r: 'assign' }[event.key];
    if (action && this.session.may('alerts.write')) {
      event.preventDefault();
      event.stopPropagation();
      this.do(alert, action);
    }
  }

  private do(alert: Alert, what: string): void {
    if (this.moment.isPast && what !== 'open') {
      this.notice.fail(reasonOfPast());
      return;
    }

    switch (what) {
      case 'done': return this.act(alert, 'done', {}, t('alertDone'));
      case 'snooze': return this.act(alert, 'snooze', { minutes: 15 }, t('alertSnoozed'));
      case 'snooze-hour': return this.act(alert, 'snooze', { minutes: 60 }, t('alertSnoozed'));
      case 'assign': return this.assign(alert);
      default: return this.open(alert);
    }
  }

  private assign(alert: Alert): void {
    this.chooser.open(
      t('alertTo', { what: [whatOf(alert), ...this.whomOf(alert)].join(' · ') }),
      this.colleagues.choicesOf(alert, this.session.user?.contactId, contactId => {
        this.act(alert, 'assign', { contactId });
        // The reader goes on where they were.
        this.list.querySelector<HTMLElement>(`[data-alert="${CSS.escape(alert.id)}"] [data-do=assign]`)?.focus();
      }));
  }

  /** @param undoable What is said of it, with the offer to take it back. */
  private act(alert: Alert, action: string, body: unknown, undoable?: string): void {
    this.store.act(alert, action, body).then(
      () => undoable && this.notice.say(`${undoable}: ${[whatOf(alert), ...this.whomOf(alert)].join(' · ')}`, { text: t('undo'), run: () => this.act(alert, 'reopen', {}) }),
      (fault: unknown) => this.notice.fail(wordsOf(fault)));
  }

  private open({ entityType, entityId, visitId, vehicleId, orderId }: Alert): void {
    if (entityType === 'call_back') {
      this.callsWanted.emit();
    } else if (entityType === 'communication_thread') {
      this.threadChosen.emit(entityId);
    } else if (visitId) {
      this.visitChosen.emit(visitId);
    } else if (orderId) {
      this.orderChosen.emit(orderId);
    } else if (vehicleId) {
      this.vanChosen.emit(vehicleId);
    }
  }
}

function reasonOfPast(): string {
  return t('actionsOfNow', { live: t('replayClose') });
}

/** What an alert says, in a few words. */
export function whatOf({ alertType, detail }: Alert): string {
  const n = detail.count ?? 1;
  switch (alertType) {
    case 'visit_late': return [t('alert.visit_late', { n: detail.lateMinutes ?? 0 }), detail.expectedAt && t('expectedAt', { time: clock(detail.expectedAt) }), n > 1 && t('alsoLate', { n: n - 1 })].filter(Boolean).join(', ');
    case 'signal_lost': return [t('alert.signal_lost'), detail.since && t('sinceTime', { time: clock(detail.since) })].filter(Boolean).join(' ');
    case 'overspeed': return t('alert.overspeed', { n: Math.round(detail.speedKmh ?? 0) });
    case 'clock_refused': return t('alert.clock_refused');
    case 'status_overdue': return t('alert.status_overdue', { status: word('orderStatus.', detail.entityStatus ?? '') });
    case 'call_missed': return n > 1 && detail.since ? t('missedSince', { n, time: clock(detail.since) }) : t('alert.call_missed');
    case 'consequence_failed': return [t('alert.consequence_failed'), detail.reason].filter(Boolean).join(': ');
    case 'message_failed': return t(detail.reason === 'uncertain' ? 'messageUncertain' : 'alert.message_failed', { n });
    case 'reschedule_asked': return [t('alert.reschedule_asked'), detail.since && t('sinceTime', { time: clock(detail.since) })].filter(Boolean).join(' ');
  }
}
