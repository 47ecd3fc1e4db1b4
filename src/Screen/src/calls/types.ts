// What the server sends of calls, by the names of its contract.

export interface Call {
  readonly id: string;
  readonly status: 'initial' | 'ringing' | 'answered' | 'completed' | 'busy' | 'failed' | 'no_answer';
  readonly direction?: 'inbound' | 'outbound' | null;
  readonly businessEntity?: string | null;
  readonly callerNumber?: string | null;
  readonly rawDigits?: string | null;
  readonly startedAt?: string | null;
  readonly answeredAt?: string | null;
  readonly endedAt?: string | null;
  readonly duration?: number | null;
  readonly missedCallReason?: string | null;
  readonly hasRecording?: boolean;
  readonly hasVoicemail?: boolean;
  readonly hasText?: boolean;
}

/** What the telephony system wrote of what was said. */
export interface CallText {
  readonly summary?: string | null;
  readonly topics?: readonly string[] | null;
  readonly sentiments?: readonly string[] | null;
  readonly language?: string | null;
  readonly utterances?: readonly { readonly atSeconds?: number | null; readonly isCustomer: boolean; readonly agent?: string | null; readonly text: string }[] | null;
}

/** Today's visit to who may be calling. */
export interface VisitToday {
  readonly id: string;
  readonly number?: string | null;
  readonly status: string;
  readonly scheduledStart?: string | null;
  readonly windowStart?: string | null;
  readonly windowEnd?: string | null;
  readonly vehicleId?: string | null;
  readonly licensePlate?: string | null;
  /** Where its van is, for who may see that. */
  readonly position?: { readonly latitude: number; readonly longitude: number; readonly fixTime: string } | null;
  readonly positionAgeSeconds?: number | null;
  readonly expectedArrival?: { readonly earliest: string; readonly expected: string; readonly latest: string } | null;
}

export interface Candidate {
  /** Null where it is the organisation itself. */
  readonly contactId?: string | null;
  readonly organizationId?: string | null;
  readonly name: string;
  readonly visitToday?: VisitToday | null;
  readonly openOrders?: readonly { readonly id: string; readonly orderNumber: string; readonly orderStatus: string }[] | null;
  readonly openThreads?: readonly { readonly id: string; readonly subject?: string | null; readonly channel: string; readonly waitingSince?: string | null }[] | null;
  readonly lastContactAt?: string | null;
}

/** Who may be calling. */
export interface CallerCard {
  readonly since: string;
  readonly ringingOn: readonly { readonly name?: string | null }[];
  readonly isInternal: boolean;
  readonly internalName?: string | null;
  readonly candidates: readonly Candidate[];
}

export interface Ringing {
  readonly call: Call;
  readonly card: CallerCard;
}

export interface Missed {
  readonly caller: {
    readonly key: string;
    readonly callerNumber?: string | null;
    readonly rawDigits?: string | null;
    readonly count: number;
    readonly firstAt: string;
    readonly lastAt: string;
    readonly reason?: string | null;
    readonly urgency: 'normal' | 'low';
    readonly waitsUntil?: string | null;
    readonly messagedAt?: string | null;
    readonly voicemailOf?: string | null;
    readonly textOf?: string | null;
    readonly callIds: readonly string[];
  };
  readonly claimedBy?: string | null;
  readonly claimedUntil?: string | null;
}
