// What the server sends of the work, by the names of its contract.

export const visitStatuses = [
  'draft', 'scheduled', 'confirmed', 'en_route', 'on_site', 'in_progress', 'paused', 'completed', 'incomplete', 'no_show', 'cancelled',
] as const;
export type VisitStatus = (typeof visitStatuses)[number];

export interface ExpectedTime {
  readonly earliest: string;
  readonly expected: string;
  readonly latest: string;
}

export interface Forecast {
  readonly arrival: ExpectedTime;
  readonly end: ExpectedTime;
  readonly punctuality: 'on_time' | 'at_risk' | 'late';
  readonly lateMinutes: number;
}

/** A visit with what stands beside it: customer, place, order. */
export interface Card {
  readonly id: string;
  readonly version: number;
  readonly number?: string | null;
  readonly orderId: string;
  readonly orderNumber: string;
  readonly orderStatus: string;
  readonly priorityLevel: 'low' | 'normal' | 'high' | 'urgent';
  readonly businessEntity: string;
  readonly visitType: string;
  readonly status: VisitStatus;
  readonly teamId?: string | null;
  readonly vehicleId?: string | null;
  readonly windowStart?: string | null;
  readonly windowEnd?: string | null;
  readonly scheduledStart?: string | null;
  readonly scheduledEnd?: string | null;
  readonly estimatedMinutes?: number | null;
  readonly requiredSkills: readonly string[];
  readonly enRouteAt?: string | null;
  readonly arrivedAt?: string | null;
  readonly startedAt?: string | null;
  readonly endedAt?: string | null;
  readonly rescheduleCount: number;
  readonly customerName?: string | null;
  readonly street?: string | null;
  readonly city?: string | null;
  readonly latitude?: number | null;
  readonly longitude?: number | null;
  readonly forecast?: Forecast | null;
}

export interface Member {
  readonly contactId: string;
  readonly name: string;
  readonly phone?: string | null;
  readonly skills: readonly string[];
}

export interface Crew {
  readonly teamId: string;
  readonly name: string;
  readonly vehicleId?: string | null;
  readonly members: readonly Member[];
}

export interface Desk {
  readonly day: string;
  readonly from: string;
  readonly to: string;
  readonly visits: readonly Card[];
  readonly crews: readonly Crew[];
  readonly hasMore: boolean;
}

export interface Violation {
  readonly rule: string;
  readonly hard: boolean;
  readonly detail: string;
  readonly visitId?: string | null;
}

export interface CheckAnswer {
  readonly feasible: boolean;
  readonly violations: readonly Violation[];
  readonly travelMinutes?: number | null;
  readonly addedTravelMinutes?: number | null;
  readonly slackMinutes?: number | null;
}

export interface Candidate {
  readonly teamId?: string | null;
  readonly vehicleId?: string | null;
  readonly name: string;
  readonly planned?: { readonly start: string; readonly end: string } | null;
  readonly answer: CheckAnswer;
}

/** When, and by whom, a visit is to be made. */
export interface Slot {
  readonly start: number;
  readonly end: number;
  readonly teamId: string | null;
  readonly vehicleId: string | null;
}
