import type { Fleet } from '../fleet/fleet.ts';
import type { Missed } from '../calls/types.ts';
import { isOpen, latenessOf } from '../work/facts.ts';
import type { WorkStore } from '../work/store.ts';

export type AlertKind = 'late' | 'atRisk' | 'missed' | 'lostOnTheJob' | 'overspeed' | 'maintenanceOverdue';

export interface Alert {
  /** The same as long as it is the same matter. */
  readonly key: string;
  readonly kind: AlertKind;
  readonly tone: 'bad' | 'warn';
  readonly subject: string;
  readonly detail: string;
  /** Ms since 1970. */
  readonly at: number;
  readonly visitId?: string | undefined;
  readonly vehicleId?: string | undefined;
}

interface Overspeed {
  readonly vehicleId: string;
  readonly at: string;
  readonly speedKmh: number;
}

/** So late a visit is before somebody has to do something about it, minutes. */
const lateEnough = 15;
const dayLength = 86_400_000;

/** What needs somebody, out of what the page knows; the worst and oldest first. @param now Ms since 1970. */
export function alertsOf(
  store: Pick<WorkStore, 'cards' | 'isToday' | 'nextOf' | 'crewOf' | 'vanOf'>, fleet: Pick<Fleet, 'vans'>, missed: readonly Missed[],
  overspeeds: readonly Overspeed[], now: number): Alert[] {
  const alerts: Alert[] = [];
  const told = new Set<string>();
  const planned = [...(store.isToday ? store.cards.values() : [])].sort((a, b) => Date.parse(a.scheduledStart ?? '') - Date.parse(b.scheduledStart ?? ''));
  for (const card of planned) {
    const late = latenessOf(card, now);
    const vehicleId = store.vanOf(card);
    const whose = vehicleId ?? card.id;
    if (told.has(whose) || !isOpen(card) || card.status === 'draft') {
      continue;
    }

    const plate = (vehicleId && fleet.vans.get(vehicleId)?.vehicle.licensePlate) ?? '';
    const visit = { visitId: card.id, vehicleId, subject: [card.customerName, card.city].filter(Boolean).join(', '), at: Date.parse(card.scheduledStart ?? '') || now };
    if (late > lateEnough) {
      // What comes after it is late because of it, and is told by the schedule.
      told.add(whose);
      alerts.push({ ...visit, key: `late:${card.id}`, kind: 'late', tone: 'bad', detail: `${Math.round(late)}|${plate}` });
    } else if (card.forecast?.punctuality === 'at_risk') {
      told.add(whose);
      alerts.push({ ...visit, key: `risk:${card.id}`, kind: 'atRisk', tone: 'warn', detail: `|${plate}` });
    }
  }

  for (const { id, vehicle } of fleet.vans.values()) {
    const van = { vehicleId: id, subject: vehicle.licensePlate };
    if (vehicle.freshness === 'offline' && store.isToday && ['en_route', 'on_site', 'in_progress'].includes(store.nextOf(id)?.status ?? '')) {
      alerts.push({ ...van, key: `lost:${id}`, kind: 'lostOnTheJob', tone: 'bad', detail: '', at: Date.parse(vehicle.lastLocationUpdate ?? '') || now });
    }

    if (vehicle.maintenanceDue && Date.parse(vehicle.maintenanceDue) + dayLength < now && vehicle.isActive !== false) {
      alerts.push({ ...van, key: `maintenance:${id}:${vehicle.maintenanceDue}`, kind: 'maintenanceOverdue', tone: 'warn', detail: '', at: Date.parse(vehicle.maintenanceDue) });
    }
  }

  for (const { vehicleId, at, speedKmh } of overspeeds) {
    alerts.push({
      key: `speed:${vehicleId}:${at}`, kind: 'overspeed', tone: 'bad', subject: fleet.vans.get(vehicleId)?.vehicle.licensePlate ?? '', vehicleId,
      detail: String(Math.round(speedKmh)), at: Date.parse(at),
    });
  }

  for (const { caller } of missed) {
    alerts.push({
      key: `missed:${caller.key}:${caller.lastAt}`, kind: 'missed', tone: caller.urgency === 'normal' ? 'bad' : 'warn',
      subject: caller.callerNumber ?? caller.rawDigits ?? '', detail: String(caller.count), at: Date.parse(caller.lastAt),
    });
  }

  return alerts.sort((a, b) => Number(a.tone === 'warn') - Number(b.tone === 'warn') || a.at - b.at || (a.key < b.key ? -1 : 1));
}
