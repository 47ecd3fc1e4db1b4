import { alertsOf, type Alert } from '../alerts/rules.ts';
import type { Missed } from '../calls/types.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { t } from '../i18n/language.ts';
import { serverTime } from '../page/server-clock.ts';
import type { WorkStore } from '../work/store.ts';
import type { WallAlert } from './wall.ts';

/** What needs somebody, for those who pass by a screen on the wall. */
export function wallAlertsOf(store: WorkStore, fleet: Fleet, missed: readonly Missed[]): WallAlert[] {
  return alertsOf(store, fleet, missed, [], serverTime()).map(alert => ({ key: alert.key, tone: alert.tone, subject: alert.subject, text: textOf(alert) }));
}

function textOf({ kind, detail }: Alert): string {
  const [first = '', plate = ''] = detail.split('|');
  switch (kind) {
    case 'late': return [t('lateBy', { n: first }), plate].filter(Boolean).join(' · ');
    case 'atRisk': return [t('punctuality.at_risk'), plate].filter(Boolean).join(' · ');
    case 'missed': return t('missedTimes', { n: first });
    case 'overspeed': return t('event.vehicle.overspeed', { speed: first });
    case 'lostOnTheJob': return t('lostOnTheJob');
    case 'maintenanceOverdue': return t('maintenanceOverdue');
  }
}
