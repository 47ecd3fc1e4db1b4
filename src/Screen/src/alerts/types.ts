export type AlertType = 'visit_late' | 'signal_lost' | 'overspeed' | 'clock_refused' | 'status_overdue' | 'call_missed' | 'consequence_failed' | 'message_failed' | 'reschedule_asked';

export interface AlertAct {
  readonly by: string;
  readonly contactId?: string | null;
  readonly at: string;
}

/** Something that needs somebody, as the server keeps it. */
export interface Alert {
  readonly id: string;
  readonly version: number;
  readonly alertType: AlertType;
  readonly entityType: string;
  readonly entityId: string;
  readonly label?: string | null;
  readonly businessEntity?: string | null;
  readonly vehicleId?: string | null;
  readonly visitId?: string | null;
  readonly orderId?: string | null;
  readonly severity: 'high' | 'normal';
  readonly status: 'open' | 'snoozed' | 'done' | 'ended';
  readonly raisedAt: string;
  readonly occurrence: number;
  readonly detail: {
    readonly lateMinutes?: number | null;
    readonly expectedAt?: string | null;
    readonly dueAt?: string | null;
    readonly count?: number | null;
    readonly since?: string | null;
    readonly speedKmh?: number | null;
    readonly reason?: string | null;
    readonly entityStatus?: string | null;
  };
  readonly snoozedUntil?: string | null;
  readonly assignedToContactId?: string | null;
  readonly assigned?: AlertAct | null;
  readonly isUnread: boolean;
}
