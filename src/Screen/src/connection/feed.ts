import { HttpTransportType, HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from '@microsoft/signalr';
import type { Change, PositionItem, Vehicle, WatchAnswer } from '../api/types.ts';
import type { Session } from '../login/session.ts';
import { Signal } from '../page/signal.ts';
import { backoff } from './backoff.ts';
import { Sequencer } from './sequencer.ts';

export type FeedState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'resumed'; readonly changes: number }
  | { readonly kind: 'reconnecting' };

/** The live feed: it stays connected, takes up where it was, and gives every change once. */
export class Feed {
  readonly state = new Signal<FeedState>();
  /** The whole fleet, in place of what was there. */
  readonly snapshot = new Signal<readonly Vehicle[]>();
  /** Vehicles as they are now, beside those that did not change. */
  readonly refreshed = new Signal<readonly Vehicle[]>();
  readonly positions = new Signal<readonly PositionItem[]>();
  readonly change = new Signal<Change>();

  private readonly session: Session;
  private readonly sequencer = new Sequencer();
  private connection: HubConnection | undefined;
  private failures = 0;
  private running = 0;
  private wake: (() => void) | undefined;

  constructor(session: Session) {
    this.session = session;
    addEventListener('online', () => this.wake?.());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.wake?.());
  }

  start(): void {
    this.sequencer.forget();
    this.failures = 0;
    this.state.emit({ kind: 'connecting' });
    void this.run(++this.running);
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
      const closed = new Promise<void>(resolve => connection.onclose(() => resolve()));
      try {
        await connection.start();
        await this.watch(connection);
        this.failures = 0;
        await closed;
      } catch {
        // A browser does not tell why a WebSocket was refused: ask whether it was the session.
        await connection.stop().catch(() => undefined);
        if (run === this.running && (await this.session.isOver())) {
          return this.session.end('ended');
        }
      }

      if (run !== this.running) {
        return;
      }

      this.state.emit({ kind: 'reconnecting' });
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
      .withServerTimeout(25_000)
      .withKeepAliveInterval(10_000)
      .configureLogging(LogLevel.None)
      .build();
    connection.on('positions', (message: { items: PositionItem[] }) => this.positions.emit(message.items));
    connection.on('changes', (message: { items: Change[] }) => this.apply(this.sequencer.take(message.items)));
    connection.on('resync', () => {
      this.sequencer.forget();
      this.watch(connection).catch(() => connection.stop());
    });
    return connection;
  }

  private async watch(connection: HubConnection): Promise<void> {
    const since = this.sequencer.sequence;
    this.sequencer.ask();
    const answer = await connection.invoke<WatchAnswer>('Watch', since === undefined ? { topics: ['fleet'] } : { topics: ['fleet'], since });
    if (connection.state !== HubConnectionState.Connected) {
      throw new Error('The connection closed before the answer was used.');
    }

    const { missed, later } = this.sequencer.answer(answer.sequence, answer.resumed, answer.changes);
    this.apply(missed);
    (answer.resumed ? this.refreshed : this.snapshot).emit(answer.vehicles);
    this.apply(later);
    this.state.emit(answer.resumed ? { kind: 'resumed', changes: missed.length } : { kind: 'live' });
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
