import type { Api } from '../api/client.ts';
import type { Change, Page } from '../api/types.ts';
import { Again } from '../connection/again.ts';
import type { Session } from '../login/session.ts';
import { Signal } from '../page/signal.ts';
import { follow, isHeard, openOf } from './rules.ts';
import type { Alert } from './types.ts';

/** So many are asked for at a time. */
const perPage = 500;

/** The alerts as the server keeps them: all who see to them have the same, and a reload loses none. */
export class AlertStore {
  readonly changed = new Signal();
  /** One has come to the fore that must be heard. */
  readonly rose = new Signal<Alert>();
  /** Why they could not be read the last time: those that are there may be of before. */
  fault: unknown;

  private readonly api: Api;
  private readonly session: Session;
  private readonly alerts = new Map<string, Alert>();
  /** Those that have changed since the reading began. */
  private readonly moved = new Set<string>();
  private readonly again = new Again(() => this.load());
  private loading = new AbortController();

  constructor(api: Api, session: Session) {
    this.api = api;
    this.session = session;
  }

  get open(): readonly Alert[] {
    return openOf(this.alerts.values());
  }

  find(id: string): Alert | undefined {
    return this.alerts.get(id);
  }

  async load(): Promise<void> {
    if (!this.session.may('alerts.read')) {
      return;
    }

    this.again.pause();
    this.loading.abort();
    const { signal } = (this.loading = new AbortController());
    this.moved.clear();
    try {
      const read = await readAlerts(this.api, '', signal);
      // What was told or done while it was read is newer than what was read.
      const told = [...this.moved].map(id => this.alerts.get(id)!);
      this.alerts.clear();
      read.forEach(alert => this.alerts.set(alert.id, alert));
      told.filter(({ id, version }) => version >= (this.alerts.get(id)?.version ?? 0)).forEach(alert => this.alerts.set(alert.id, alert));
      this.fault = undefined;
      this.again.stop();
    } catch (fault) {
      if (signal.aborted) {
        return;
      }

      this.fault = fault;
      this.again.failed(fault);
    }

    this.changed.emit();
  }

  clear(): void {
    this.loading.abort();
    this.again.stop();
    this.fault = undefined;
    this.alerts.clear();
    this.moved.clear();
    this.changed.emit();
  }

  follow(change: Change): void {
    const known = this.alerts.get(change.entityId);
    const after = follow(known, change);
    if (!after) {
      return;
    }

    // One that is over is kept until the next reading, so that an older change does not bring it back.
    this.keep(after);
    if (isHeard(known, change.type, after)) {
      this.rose.emit(after);
    }

    this.changed.emit();
  }

  /** Does something with an alert, for all; answers what became of it. */
  async act(alert: Alert, action: string, body: unknown = {}): Promise<Alert> {
    const after = await this.api.post<Alert>(`/api/alerts/${alert.id}/actions/${action}`, body, crypto.randomUUID());
    const known = this.alerts.get(after.id);
    if (!known || known.version <= after.version) {
      this.keep(after);
      this.changed.emit();
    }

    return after;
  }

  /** The reader has seen these. */
  async see(alerts: readonly Alert[]): Promise<void> {
    try {
      await this.api.ask('/api/alerts/actions/see', { ids: alerts.map(({ id }) => id) });
    } catch {
      // They stay unread, and are seen the next time.
      return;
    }

    for (const { id, occurrence } of alerts) {
      const known = this.alerts.get(id);
      if (known?.occurrence === occurrence) {
        this.alerts.set(id, { ...known, isUnread: false });
      }
    }

    this.changed.emit();
  }

  private keep(alert: Alert): void {
    this.alerts.set(alert.id, alert);
    this.moved.add(alert.id);
  }
}

/** The alerts that need somebody, all of them. @param more What else is asked for, such as a moment. */
export async function readAlerts(api: Api, more: string, signal: AbortSignal): Promise<Alert[]> {
  const read: Alert[] = [];
  for (let cursor: string | null | undefined = ''; typeof cursor === 'string';) {
    const page: Page<Alert> = await api.get(`/api/alerts?active=true&limit=${perPage}${more}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`, signal);
    read.push(...page.items);
    cursor = page.nextCursor;
  }

  return read;
}
