import type { Change } from '../api/types.ts';
import type { Alert, AlertType } from './types.ts';

/** What is heard, each in its own way. */
export type Sound = 'call' | 'late' | 'silent' | 'fast';

/** Only these are heard: somebody waits at the other end of them. */
const sounds: Readonly<Partial<Record<AlertType, Sound>>> = { call_missed: 'call', visit_late: 'late', signal_lost: 'silent', overspeed: 'fast' };
/** A visit that will be late is heard when it is later than this, minutes. */
const lateFrom = 15;

/** What a change makes of an alert; undefined where it is of something else, or older than what is known. */
export function follow(known: Alert | undefined, { type, entityType, entityId, data }: Change): Alert | undefined {
  if (entityType !== 'alert' || !data) {
    return undefined;
  }

  const told = { ...(data as unknown as Alert), id: entityId };
  if (!told.alertType || (known && told.version <= known.version)) {
    return undefined;
  }

  return { ...told, isUnread: isNew(type) || (known?.isUnread ?? true) };
}

/** Whether a change brings an alert to the fore that was not there. */
export function isNew(type: string): boolean {
  return type === 'alert.raised' || type === 'alert.woke';
}

/** How an alert is heard; undefined where it is only seen. */
export function soundOf({ alertType, detail }: Alert): Sound | undefined {
  return alertType === 'visit_late' && (detail.lateMinutes ?? 0) <= lateFrom ? undefined : sounds[alertType];
}

/** Whether a change must be heard: the alert was not there before, or was not that bad. */
export function isHeard(known: Alert | undefined, type: string, after: Alert): boolean {
  return after.status === 'open' && soundOf(after) !== undefined && (isNew(type) || (known?.status === 'open' && soundOf(known) === undefined));
}

/** Those that need somebody now; the pressing ones first, and of those the oldest. */
export function openOf(alerts: Iterable<Alert>): Alert[] {
  return [...alerts].filter(({ status }) => status === 'open').sort((a, b) =>
    Number(a.severity === 'normal') - Number(b.severity === 'normal') || Date.parse(a.raisedAt) - Date.parse(b.raisedAt) || (a.id < b.id ? -1 : 1));
}
