import type { Key } from '../i18n/en.ts';
import { t, word } from '../i18n/language.ts';

/** An answer that is not what was asked for: a problem of the server, or none at all (status 0). */
export class Problem extends Error {
  readonly status: number;
  /** Which problem it is, by the name that the server has for it. */
  readonly code: string;
  /** The fields that are at fault. */
  readonly fields: readonly string[];
  /** Of an action that is refused: what the status is. */
  readonly from: string | undefined;
  /** Of an action that is refused: what would have to be true first. */
  readonly unmet: readonly string[];
  /** Of what was decided on a version that is over: who changed it since, the newest first. */
  readonly changes: readonly { readonly actor?: { readonly name?: string | null } | null; readonly at: string }[];

  constructor(status: number, message: string, { type, errors, from, unmet, changes }: ProblemBody = {}) {
    super(message);
    this.status = status;
    this.code = type?.split('/').at(-1) ?? '';
    this.fields = Object.keys(errors ?? {});
    this.from = from;
    this.unmet = unmet ?? [];
    this.changes = changes ?? [];
  }

  static async of(response: Response): Promise<Problem> {
    const body = (await response.json().catch(() => ({}))) as ProblemBody;
    return new Problem(response.status, body.detail ?? body.title ?? `HTTP ${response.status}`, body);
  }
}

interface ProblemBody {
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: Readonly<Record<string, unknown>>;
  readonly from?: string;
  readonly unmet?: string[];
  readonly changes?: Problem['changes'];
}

/** What each of the server's problems is to the reader. */
export const problemWords: Readonly<Record<string, Key>> = {
  'not-found': 'problemNotFound',
  validation: 'problemInvalid',
  'transition-refused': 'notAllowed',
  'stale-version': 'problemVersion',
  'version-required': 'problemVersion',
  'try-again': 'problemLater',
  hub: 'problemLater',
  'too-many-requests': 'problemTooMany',
  'too-many-logins': 'problemTooMany',
  'too-many-attempts': 'problemAttempts',
  'mail-sent': 'problemTooMany',
  unauthorized: 'problemUnauthorized',
  forbidden: 'problemForbidden',
  'still-running': 'problemRunning',
  exists: 'problemExists',
  overlap: 'problemOverlap',
  'in-use': 'problemInUse',
  'key-reused': 'problemUsed',
  'command-id-used': 'problemUsed',
  'too-large': 'problemRequest',
  range: 'problemRequest',
  'tus-version': 'problemRequest',
  'link-over': 'problemLink',
  'variable-missing': 'problemVariable',
  'media-type': 'problemRequest',
  'address-too-long': 'problemRequest',
  'bad-request': 'problemRequest',
  method: 'problemRequest',
  http: 'problemRequest',
  fault: 'problemFault',
};

/** A fault in words for the reader: by its code; as the server says it where that is not known here. */
export function wordsOf(fault: unknown): string {
  if (!(fault instanceof Problem)) {
    return fault instanceof Error ? fault.message : String(fault);
  }

  const key = fault.status === 0 ? 'noAnswer' : problemWords[fault.code];
  return key === undefined ? fault.message
    : t(key, { fields: fault.fields.map(name => word('field.', name)).join(', '), reasons: reasonsOf(fault) });
}

/** The same of what is read of a moment: one before everything that is on record is no mistake of the reader's. */
export function wordsOfReading(fault: unknown): string {
  return fault instanceof Problem && fault.code === 'validation' && fault.fields.includes('at') ? t('nothingRecorded') : wordsOf(fault);
}

/** Why an action is refused, in the reader's language where it is one of the reasons known here; else as the server says it. */
export function reasonOf(unmet: string): string {
  const status = /^the status is (\w+)$/.exec(unmet)?.[1];
  return status ? t('reason.status', { status: word('', status).toLowerCase() })
    : unmet.startsWith('the vehicle is not in active use') ? t('reason.inactive')
    : unmet;
}

function reasonsOf({ unmet, from }: Problem): string {
  return unmet.length ? unmet.map(reasonOf).join('; ') : from ? t('reason.status', { status: word('', from).toLowerCase() }) : '';
}
