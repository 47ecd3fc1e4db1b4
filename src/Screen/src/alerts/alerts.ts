import type { Change } from '../api/types.ts';
import type { Missed } from '../calls/types.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { ago, clock } from '../i18n/format.ts';
import { languageChanged, t } from '../i18n/language.ts';
import { byId, h, replace } from '../page/dom.ts';
import { serverTime } from '../page/server-clock.ts';
import { Signal } from '../page/signal.ts';
import type { WorkStore } from '../work/store.ts';
import { alertsOf, type Alert } from './rules.ts';

const setting = 'chargecars.alerts';
const snooze = 15 * 60_000;
/** So long what was put away is remembered, ms. */
const remembered = 7 * 86_400_000;

/** What needs somebody. What the reader put away stays away after a reload too, in this browser. */
export class Alerts {
  readonly visitChosen = new Signal<string>();
  readonly vanChosen = new Signal<string>();
  readonly callsWanted = new Signal();
  readonly counted = new Signal<number>();

  private readonly store: WorkStore;
  private readonly fleet: Fleet;
  private readonly missed: () => readonly Missed[];
  private readonly element = byId('alerts');
  private readonly list = h('ul.work-rows');
  private readonly overspeeds = new Map<string, { readonly vehicleId: string; readonly at: string; readonly speedKmh: number }>();
  /** Until when each is put away, ms since 1970. */
  private readonly away = kept();
  private written = '';

  constructor(store: WorkStore, fleet: Fleet, missed: () => readonly Missed[]) {
    this.store = store;
    this.fleet = fleet;
    this.missed = missed;
    replace(this.element, this.list);
    this.list.addEventListener('click', event => this.onClick(event));
    this.list.addEventListener('keydown', event => this.onKey(event));
    store.changed.on(() => this.draw());
    fleet.changed.on(() => this.draw());
    languageChanged.on(() => this.draw());
    setInterval(() => this.draw(), 15_000);
  }

  follow({ type, entityId, at, data }: Change): void {
    if (type === 'vehicle.overspeed') {
      this.overspeeds.set(entityId, { vehicleId: entityId, at, speedKmh: Number(data?.['speedKmh'] ?? 0) });
      this.draw();
    }
  }

  focus(): void {
    this.list.querySelector<HTMLElement>('button')?.focus();
  }

  draw(): void {
    const now = serverTime();
    const alerts = alertsOf(this.store, this.fleet, this.missed(), [...this.overspeeds.values()], now).filter(({ key }) => !((this.away[key] ?? 0) > now));
    this.counted.emit(alerts.length);
    const text = JSON.stringify([alerts, Math.floor(now / 60_000), document.documentElement.lang]);
    if (this.element.hidden || text === this.written) {
      return;
    }

    this.written = text;
    const focused = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>('[data-alert]')?.dataset['alert'];
    replace(this.list, ...(alerts.length ? alerts.map(alert => this.row(alert, now)) : [h('li.quiet', {}, t('noAlerts'))]));
    if (focused) {
      (this.list.querySelector<HTMLElement>(`[data-alert="${CSS.escape(focused)}"] button`) ?? this.list.querySelector<HTMLElement>('button'))?.focus();
    }
  }

  private row(alert: Alert, now: number): HTMLElement {
    const text = textOf(alert);
    return h('li.work-row.alert', { 'data-alert': alert.key, 'data-tone': alert.tone },
      h('button.row-button', { type: 'button', 'data-do': 'open', 'data-visit': alert.visitId, 'data-van': alert.vehicleId }, h('b', {}, alert.subject), ' ', text),
      h('time.quiet', {}, alert.at > now || alert.visitId ? clock(alert.at) : ago(new Date(alert.at).toISOString(), now)),
      h('span.row-actions', {},
        h('button.chip', { type: 'button', 'data-do': 'done', 'aria-label': `${t('done')}: ${alert.subject} ${text}` }, t('done')),
        h('button.chip', { type: 'button', 'data-do': 'snooze', 'aria-label': `${t('snoozeQuarter')}: ${alert.subject} ${text}` }, t('snoozeQuarter'))));
  }

  private onClick(event: MouseEvent): void {
    const button = (event.target as Element).closest<HTMLElement>('[data-do]');
    const key = button?.closest<HTMLElement>('[data-alert]')?.dataset['alert'];
    if (!button || !key) {
      return;
    }

    const { do: what, visit, van } = button.dataset;
    if (what !== 'open') {
      this.putAway(key, what === 'done' ? remembered : snooze);
    } else if (visit) {
      this.visitChosen.emit(visit);
    } else if (van) {
      this.vanChosen.emit(van);
    } else {
      this.callsWanted.emit();
    }
  }

  private onKey(event: KeyboardEvent): void {
    const row = (event.target as Element).closest<HTMLElement>('[data-alert]');
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!row || event.ctrlKey || event.metaKey) {
      return;
    }

    if (step) {
      event.preventDefault();
      const rows = [...this.list.querySelectorAll<HTMLElement>('[data-alert]')];
      rows[rows.indexOf(row) + step]?.querySelector<HTMLElement>('button')?.focus();
    } else if (event.key === 'e' || event.key === 's') {
      event.preventDefault();
      event.stopPropagation();
      this.putAway(row.dataset['alert']!, event.key === 'e' ? remembered : snooze);
    }
  }

  private putAway(key: string, time: number): void {
    const now = serverTime();
    this.away[key] = now + time;
    for (const [old, until] of Object.entries(this.away)) {
      if (until < now) {
        delete this.away[old];
      }
    }

    try {
      localStorage.setItem(setting, JSON.stringify(this.away));
    } catch {
      // Then it lasts as long as the page.
    }

    this.written = '';
    this.draw();
  }
}

function textOf({ kind, detail }: Alert): string {
  const [first = '', plate = ''] = detail.split('|');
  switch (kind) {
    case 'late': return [t('lateBy', { n: first }), plate].filter(Boolean).join(' · ');
    case 'atRisk': return [t('punctuality.at_risk'), plate].filter(Boolean).join(' · ');
    case 'missed': return t('missedTimes', { n: first });
    case 'lostOnTheJob': return t('lostOnTheJob');
    case 'overspeed': return t('event.vehicle.overspeed', { speed: first });
    case 'maintenanceOverdue': return t('maintenanceOverdue');
  }
}

function kept(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem(setting) ?? '{}') as Record<string, number>;
  } catch {
    return {};
  }
}
