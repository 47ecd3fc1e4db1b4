// What the server sends, by the names of its contract.

export const statuses = ['driving', 'on_site', 'parked', 'maintenance'] as const;
export type Status = (typeof statuses)[number];

export const freshnesses = ['live', 'stale', 'offline', 'unknown'] as const;
export type Freshness = (typeof freshnesses)[number];

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
  readonly accuracyMeters?: number | null;
  readonly speedKmh?: number | null;
  readonly headingDegrees?: number | null;
}

export interface Equipment {
  readonly name: string;
  readonly category: string;
  readonly quantity: number;
  readonly condition: string;
  readonly lastChecked?: string | null;
}

/** Why a vehicle's fixes were refused last, or their times put right: those in a row for one reason. */
export interface Refusal {
  readonly reason: string;
  readonly offBySeconds?: number | null;
  readonly since: string;
  readonly at: string;
  readonly count: number;
}

export interface Vehicle {
  readonly id: string;
  readonly version: number;
  readonly licensePlate: string;
  readonly vehicleName?: string | null;
  readonly vehicleType?: string | null;
  readonly brandModel?: string | null;
  readonly year?: number | null;
  readonly operationalStatus: Status;
  readonly currentVisitId?: string | null;
  readonly equipmentList?: { readonly equipment: readonly Equipment[] } | null;
  readonly mileageKm?: number | null;
  readonly insuranceExpiry?: string | null;
  readonly maintenanceDue?: string | null;
  readonly lastMaintenanceDate?: string | null;
  readonly isActive?: boolean;
  readonly isAvailable?: boolean;
  readonly currentLocation?: Place | null;
  readonly lastLocationUpdate?: string | null;
  readonly freshness: Freshness;
  /** Only where one vehicle is asked for. */
  readonly lastRefusal?: Refusal | null;
}

export interface PositionItem extends Place {
  readonly vehicleId: string;
  readonly fixTime: string;
  readonly operationalStatus: Status;
  readonly freshness: Freshness;
}

export interface Change {
  readonly sequence: number;
  readonly type: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly at: string;
  readonly actor?: { readonly name?: string | null } | null;
  readonly data?: Readonly<Record<string, unknown>> | null;
}

export interface WatchAnswer {
  readonly sequence: number;
  readonly resumed: boolean;
  readonly vehicles: readonly Vehicle[];
  readonly changes: readonly Change[];
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export interface Fix extends Place {
  readonly fixTime: string;
}

export interface ActionOption {
  readonly action: string;
  readonly to: string;
  readonly allowed: boolean;
  readonly unmet: readonly string[];
}

export interface AuditRow {
  readonly id: string;
  readonly action: string;
  readonly oldValues?: Readonly<Record<string, unknown>> | null;
  readonly newValues?: Readonly<Record<string, unknown>> | null;
  readonly changeSummary?: string | null;
  readonly changedBy?: string | null;
  readonly createdAt: string;
}
