import type { Fleet } from '../fleet/fleet.ts';
import { clock, wholeDay } from '../i18n/format.ts';
import { languageChanged, t } from '../i18n/language.ts';
import { byId, h, replace, setText } from '../page/dom.ts';
import { serverTime } from '../page/server-clock.ts';
import type { WorkStore } from '../work/store.ts';
import { totals, totalsOf, type Total } from './totals.ts';

/** Something that needs somebody, as a wall tells it. */
export interface WallAlert {
  readonly key: string;
  readonly tone: 'bad' | 'warn';
  readonly subject: string;
  readonly text: string;
}

/** So often the whole fleet is brought into view, ms: nobody is there to do it. */
const fitEvery = 20_000;
/** As many as are read from afar. */
const mostAlerts = 4;

/** The screen on the wall, to be read from three metres: the time, four totals, the fleet with its plates, and what needs somebody. */
export class Wall {
  private readonly fleet: Fleet;
  private readonly store: WorkStore;
  private readonly alerts: () => readonly WallAlert[];
  private readonly counts = new Map<Total, { readonly box: HTMLElement; readonly name: HTMLElement; readonly number: HTMLElement }>();
  private readonly list = byId('wall-alerts');
  private written = '';

  /** @param fit Brings the fleet into view. */
  constructor(fleet: Fleet, store: WorkStore, alerts: () => readonly WallAlert[], fit: () => void) {
    this.fleet = fleet;
    this.store = store;
    this.alerts = alerts;
    for (const total of totals) {
      const [name, number] = [h('dt'), h('dd')];
      this.counts.set(total, { name, number, box: h('div', { 'data-total': total }, name, number) });
    }

    replace(byId('wall-totals'), ...[...this.counts.values()].map(({ box }) => box));
    byId('wall-bar').hidden = byId('wall-band').hidden = false;
    languageChanged.on(() => this.write());
    setInterval(() => this.write(), 1_000);
    setInterval(fit, fitEvery);
    this.write();
  }

  private write(): void {
    const [now, { lang }] = [serverTime(), document.documentElement];
    setText(byId('wall-clock'), clock(now));
    setText(byId('wall-day'), wholeDay(now));
    const counted = totalsOf(this.fleet, this.store, now);
    for (const [total, { box, name, number }] of this.counts) {
      setText(name, t(`wall.${total}`));
      setText(number, String(counted[total]));
      box.dataset['some'] = String(counted[total] > 0);
    }

    const alerts = this.alerts();
    const text = JSON.stringify([alerts, lang]);
    if (text !== this.written) {
      this.written = text;
      replace(this.list, ...(alerts.length ? alerts.slice(0, mostAlerts).map(({ tone, subject, text }) => h('li', { 'data-tone': tone }, h('b', {}, subject), h('span', {}, text))) : [h('li', {}, t('noAlerts'))]),
        alerts.length > mostAlerts && h('li.more', {}, t('wallMore', { n: alerts.length - mostAlerts })));
    }
  }
}
