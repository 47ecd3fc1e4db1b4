import type { Change } from '../api/types.ts';
import type { Alert, AlertType } from './types.ts';

/** Only these are heard: somebody waits at the other end of them. */
const loud: readonly AlertType[] = ['visit_late', 'signal_lost', 'overspeed', 'call_missed'];

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

export function isLoud({ alertType }: Alert): boolean {
  return loud.includes(alertType);
}

/** Those that need somebody now; the pressing ones first, and of those the oldest. */
export function openOf(alerts: Iterable<Alert>): Alert[] {
  return [...alerts].filter(({ status }) => status === 'open').sort((a, b) =>
    Number(a.severity === 'normal') - Number(b.severity === 'normal') || Date.parse(a.raisedAt) - Date.parse(b.raisedAt) || (a.id < b.id ? -1 : 1));
}
