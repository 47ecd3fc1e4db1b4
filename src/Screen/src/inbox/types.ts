// What the server sends of conversations, by the names of its contract.

export interface Thread {
  readonly id: string;
  readonly version: number;
  readonly entityType?: 'order' | 'quote' | 'support_ticket' | null;
  readonly entityId?: string | null;
  readonly channel: 'email' | 'sms' | 'whatsapp' | 'portal' | 'internal';
  readonly subject?: string | null;
  readonly priority: string;
  readonly businessEntity?: string | null;
  readonly customerAddress?: string | null;
  readonly status: 'open' | 'pending' | 'resolved' | 'archived';
  readonly assignedToContactId?: string | null;
  readonly lastMessageAt?: string | null;
  readonly messageCount: number;
  readonly lastPosition: number;
  readonly snoozedUntil?: string | null;
  readonly waitingSince?: string | null;
}

/** What came or goes with a message. */
export interface MessageFile {
  readonly fileName: string;
  readonly originalFileName?: string | null;
  /** Of what the provider keeps; nothing of what came with the message. */
  readonly state?: 'awaited' | 'fetched' | 'lost' | null;
  readonly fault?: string | null;
}

export interface Message {
  readonly id: string;
  readonly position?: number | null;
  readonly nature: string;
  readonly direction?: 'inbound' | 'outbound' | null;
  readonly status?: string | null;
  readonly senderName?: string | null;
  readonly senderEmail?: string | null;
  readonly subject?: string | null;
  readonly bodyText?: string | null;
  readonly sentAt?: string | null;
  readonly sendAt?: string | null;
  readonly errorText?: string | null;
  readonly attachments: readonly MessageFile[];
  readonly movedThreadId?: string | null;
  readonly createdAt: string;
}

/** A template with the values of a thread's order and next visit. */
export interface Template {
  readonly templateId: string;
  readonly name: string;
  readonly language?: string | null;
  readonly bodyText: string;
  readonly missing: readonly string[];
}

export interface Presence {
  readonly items: readonly { readonly actor: { readonly name?: string | null }; readonly contactId?: string | null; readonly state: string }[];
}
