import { HttpTransportType, HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from '@microsoft/signalr';
import type { Change, PositionItem, Vehicle, WatchAnswer } from '../api/types.ts';
import type { Session } from '../login/session.ts';
import { serverTime } from '../page/server-clock.ts';
import { Signal } from '../page/signal.ts';
import type { Area } from './area.ts';
import { backoff } from './backoff.ts';
import { Sequencer } from './sequencer.ts';

/** So many changes of before are asked for when the page is opened. */
const remembered = 500;
/** What is watched, and the permission that each needs. */
const topics: readonly (readonly [topic: string, permission: string])[] = [
  ['fleet', 'vehicles.read'], ['orders', 'orders.read'], ['visits', 'visits.read'], ['threads', 'threads.read'], ['calls', 'calls.read'],
  ['alerts', 'alerts.read'],
];
/** The server says that it is there every three seconds. After this, ms, it is not. */
const serverTimeout = 25_000;

export type FeedState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'resumed'; readonly changes: number }
  /** Since when nothing was heard, ms since 1970. */
  | { readonly kind: 'reconnecting'; readonly since: number };

/** The live feed: it stays connected, takes up where it was, and gives every change once. */
export class Feed {
  readonly state = new Signal<FeedState>();
  /** The server answers, for the first time or again; what it tells follows. */
  readonly answered = new Signal();
  /** The whole fleet, in place of what was there. */
  readonly snapshot = new Signal<readonly Vehicle[]>();
  /** Vehicles as they are now, beside those that did not change. */
  readonly refreshed = new Signal<readonly Vehicle[]>();
  /** All vehicles that are inside this area now. */
  readonly seen = new Signal<{ readonly area: Area; readonly vehicles: readonly Vehicle[] }>();
  readonly positions = new Signal<readonly PositionItem[]>();
  readonly change = new Signal<Change>();
  /** What happened before the snapshot, in order. */
  readonly earlier = new Signal<readonly Change[]>();

  private readonly session: Session;
  private readonly sequencer = new Sequencer();
  private connection: HubConnection | undefined;
  private watched: Area | undefined;
  private turn = Promise.resolve();
  private failures = 0;
  private heardAt = 0;
  private remembers = false;
  private running = 0;
  private wake: (() => void) | undefined;

  constructor(session: Session) {
    this.session = session;
    addEventListener('online', () => this.retry());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.retry());
  }

  /** Where positions come from; undefined for everywhere. Changes come from everywhere always. */
  get area(): Area | undefined {
    return this.watched;
  }

  look(area: Area | undefined): void {
    this.watched = area;
    const { connection } = this;
    if (connection?.state === HubConnectionState.Connected) {
      this.rewatch(connection, false);
    }
  }

  start(): void {
    this.watched = undefined;
    this.sequencer.forget();
    this.failures = 0;
    this.heardAt = serverTime();
    this.remembers = false;
    this.state.emit({ kind: 'connecting' });
    void this.run(++this.running);
  }

  /** Tries again now instead of later. */
  retry(): void {
    this.wake?.();
  }

  stop(): void {
    this.running++;
    this.wake?.();
    void this.connection?.stop();
  }

  private async run(run: number): Promise<void> {
    while (run === this.running) {
      const connection = this.build();
      this.connection = connection;
      const closed = new Promise<Error | undefined>(resolve => connection.onclose(resolve));
      try {
        await connection.start();
        await this.watch(connection, true);
        await this.remember(connection).catch(() => undefined);
        this.failures = 0;
        const fault = await closed;
        // A line that breaks was there until then; one that fell silent is given up long after.
        this.heardAt = Math.max(this.heardAt, serverTime() - (isTimeout(fault) ? serverTimeout : 0));
      } catch {
        // A browser does not tell why a WebSocket was refused: ask whether it was the session.
        await connection.stop().catch(() => undefined);
        if (run === this.running && (await this.session.isOver()) && run === this.running) {
          return this.session.end('ended');
        }
      }

      if (run !== this.running) {
        return;
      }

      this.state.emit({ kind: 'reconnecting', since: this.heardAt });
      await this.pause(backoff(this.failures++, Math.random()));
    }
  }

  private build(): HubConnection {
    const connection = new HubConnectionBuilder()
      .withUrl('/hubs/dispatch', {
        transport: HttpTransportType.WebSockets,
        skipNegotiation: true,
        accessTokenFactory: () => this.session.token(),
      })
      .withServerTimeout(serverTimeout)
      .withKeepAliveInterval(10_000)
      .configureLogging(LogLevel.None)
      .build();
    connection.on('positions', (message: { items: PositionItem[] }) => {
      this.heardAt = serverTime();
      this.positions.emit(message.items);
    });
    connection.on('changes', (message: { items: Change[] }) => {
      this.heardAt = serverTime();
      this.apply(this.sequencer.take(message.items));
    });
    connection.on('resync', () => {
      this.sequencer.forget();
      this.rewatch(connection, true);
    });
    return connection;
  }

  private rewatch(connection: HubConnection, tell: boolean): void {
    this.watch(connection, tell).catch(() => connection.stop());
  }

  /** One after the other: what comes meanwhile belongs to one of them. */
  private watch(connection: HubConnection, tell: boolean): Promise<void> {
    const mine = this.turn.then(() => this.watchNow(connection, tell));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /** Nobody begins with nothing: what happened lately is what was missed since then. */
  private remember(connection: HubConnection): Promise<void> {
    const { sequence } = this.sequencer;
    if (this.remembers || sequence === undefined) {
      return Promise.resolve();
    }

    this.remembers = true;
    const mine = this.turn.then(() => this.watchNow(connection, false, { since: Math.max(0, sequence - remembered), until: sequence }));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /**
   * @param tell That there was a gap, and how much was missed.
   * @param past Of the changes that come those up to a sequence are known already, and are told as earlier ones.
   */
  private async watchNow(connection: HubConnection, tell: boolean, past?: { readonly since: number; readonly until: number }): Promise<void> {
    const [since, area] = [past?.since ?? this.sequencer.sequence, this.watched];
    this.sequencer.ask();
    const answer = await connection.invoke<WatchAnswer>('Watch', {
      topics: topics.filter(([topic, permission]) => topic === 'fleet' || this.session.may(permission)).map(([topic]) => topic), ...(since === undefined ? {} : { since }), ...(area ? { area } : {}),
    });
    if (connection.state !== HubConnectionState.Connected) {
      throw new Error('The connection closed before the answer was used.');
    }

    this.heardAt = serverTime();
    this.answered.emit();

    if (past) {
      this.earlier.emit(answer.changes.filter(change => change.sequence <= past.until));
    }

    const { missed, later } = this.sequencer.answer(answer.sequence, answer.resumed, answer.changes);
    this.apply(missed);
    if (!answer.resumed) {
      this.snapshot.emit(answer.vehicles);
    } else if (area) {
      this.seen.emit({ area, vehicles: answer.vehicles });
    } else {
      this.refreshed.emit(answer.vehicles);
    }

    this.apply(later);
    if (tell || !answer.resumed) {
      this.state.emit(answer.resumed ? { kind: 'resumed', changes: missed.length } : { kind: 'live' });
    }
  }

  private apply(changes: readonly Change[]): void {
    for (const change of changes) {
      this.change.emit(change);
    }
  }

  /** Waits, but not when the network comes back or somebody looks at the page again. */
  private pause(milliseconds: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The library has no type of its own for it. */
function isTimeout(fault: Error | undefined): boolean {
  return fault?.message.startsWith('Server timeout') ?? false;
}
