import type { Api } from '../api/client.ts';
import { Problem, wordsOf } from '../api/problem.ts';
import type { Status, Vehicle } from '../api/types.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { freshnessOf, type FreshnessLimits } from '../fleet/freshness.ts';
import { between, standing, type Manner } from '../fleet/motion.ts';
import { t } from '../i18n/language.ts';
import { serverTime } from '../page/server-clock.ts';
import { Signal } from '../page/signal.ts';
import { ReplayClock } from './replay-clock.ts';
import { Rides, type FleetTrack, type Leg } from './rides.ts';

/** A van is put on its next leg this often, ms. */
const pace = 200;
/** What is asked for at once lasts this long on the screen, ms; of the past at most what the server tells at once. */
const ahead = 12_000;
const longestStretch = 15 * 60_000;
/** Between two places of a van on the screen, seconds: more can't be told apart. */
const grain = 0.4;

/** A moment that is jumped to is there at once. */
export const replayManner: Manner = { leap: 0 };

/** A vehicle of the past: where it was and what it did; what it is is asked of now. */
type PastVehicle = Omit<Partial<Vehicle>, 'operationalStatus'> & { readonly id: string; readonly operationalStatus?: Status | null };

/** Shows the fleet as it was at a moment, and from there on as it moved: the server tells a stretch of it after the other, ahead of time. */
export class Replay {
  readonly clock = new ReplayClock(() => performance.now());
  /** The moment or the running changed. */
  readonly changed = new Signal();
  readonly fault = new Signal<string>();

  private readonly api: Api;
  private readonly fleet: Fleet;
  private readonly today: Fleet;
  private readonly limits: FreshnessLimits;
  private rides = new Rides();
  private legs = new Map<string, Leg>();
  /** Up to when the rides are known; undefined while the moment itself is asked for. */
  private knownUntil: number | undefined;
  private isAsking = false;
  private timer = 0;
  private asking = new AbortController();

  /**
   * @param fleet Shows the past.
   * @param today Knows what each van is.
   * @param limits When a van is stale, and when it is offline.
   */
  constructor(api: Api, fleet: Fleet, today: Fleet, limits: FreshnessLimits) {
    this.api = api;
    this.fleet = fleet;
    this.today = today;
    this.limits = limits;
  }

  get isOpen(): boolean {
    return this.timer !== 0;
  }

  open(at: number): void {
    this.fleet.clear();
    this.timer = window.setInterval(() => this.tick(), pace);
    this.jump(at);
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = 0;
    this.asking.abort();
    this.clock.run(false);
    this.fleet.clear();
    this.changed.emit();
  }

  jump(at: number): void {
    this.clock.jump(Math.min(at, serverTime()));
    void this.show();
    this.changed.emit();
  }

  play(running: boolean): void {
    this.clock.run(running);
    this.restart();
    // The moment itself did not come: there is nothing to go on from.
    if (running && this.knownUntil === undefined && !this.isAsking) {
      void this.show();
    }
  }

  setRate(rate: number): void {
    this.clock.setRate(rate);
    this.restart();
  }

  private tick(): void {
    if (!this.clock.running) {
      return;
    }

    if (this.clock.now >= serverTime()) {
      this.play(false);
      this.jump(serverTime());
      return;
    }

    this.ride();
    this.askAhead();
    this.changed.emit();
  }

  /** The same places, at another speed or none. */
  private restart(): void {
    this.legs.clear();
    this.ride();
    this.changed.emit();
  }

  private ride(): void {
    const { now, rate, running } = this.clock;
    for (const { id, status } of this.rides.statusesUntil(now)) {
      this.fleet.update(id, { operationalStatus: status });
    }

    for (const id of this.rides.vans) {
      const leg = this.rides.legAt(id, now);
      const before = this.legs.get(id);
      if (!leg || (running && before?.from === leg.from && before.to === leg.to)) {
        continue;
      }

      this.legs.set(id, leg);
      const wall = performance.now();
      const seconds = (at: number) => (wall + (at - now) / rate) / 1_000;
      const motion = between(leg.from, leg.to, seconds(leg.start), seconds(leg.end));
      this.fleet.ride(id, leg.from, iso(leg.from.at), running ? motion : standing(motion, wall / 1_000));
    }

    this.age(now);
  }

  /** A van grows old while the time of the replay passes, and is live again with its next fix. */
  private age(now: number): void {
    for (const id of this.rides.vans) {
      const heardAt = this.rides.heardAt(id, now);
      if (heardAt !== undefined) {
        this.fleet.update(id, { freshness: freshnessOf(heardAt, now, this.limits) });
      }
    }
  }

  /** The fleet as it was at the moment that the clock shows. */
  private async show(): Promise<void> {
    this.asking.abort();
    this.asking = new AbortController();
    this.rides = new Rides();
    this.knownUntil = undefined;
    this.isAsking = true;
    const { signal } = this.asking;
    const at = this.clock.now;
    const isThere = await this.ask(signal, async () => {
      const { items } = await this.api.get<{ items: readonly PastVehicle[] }>(`/api/fleet?at=${encodeURIComponent(iso(at))}`, signal);
      const rides = new Rides();
      for (const { id, currentLocation, lastLocationUpdate } of items) {
        if (currentLocation && lastLocationUpdate) {
          rides.begin(id, { ...currentLocation, at: Date.parse(lastLocationUpdate) });
        }
      }

      return () => {
        this.rides = rides;
        this.legs.clear();
        this.knownUntil = at;
        this.fleet.replaceAll(items.flatMap(item => this.complete(item)));
      };
    });
    if (!signal.aborted) {
      this.isAsking = false;
      if (!isThere) {
        // Better no vans than those of another moment.
        this.fleet.clear();
      }
    }
  }

  private askAhead(): void {
    const { now, rate } = this.clock;
    const from = this.knownUntil;
    const length = Math.min(longestStretch, ahead * rate);
    if (this.isAsking || from === undefined || from - now > length / 2 || from >= serverTime()) {
      return;
    }

    const query = new URLSearchParams({
      from: iso(from), to: iso(from + length), step: String(Math.max(1, Math.round(rate * grain))),
    });
    const { signal } = this.asking;
    this.isAsking = true;
    void this.ask(signal, async () => {
      const track = await this.api.get<FleetTrack>(`/api/fleet/track?${query}`, signal);
      return () => {
        this.rides.add(track);
        this.knownUntil = Date.parse(query.get('to')!);
      };
    }).finally(() => signal.aborted || (this.isAsking = false));
  }

  /** Asks the server and uses the answer, unless another moment is wanted meanwhile. Answers whether there was one. */
  private async ask(signal: AbortSignal, load: () => Promise<() => void>): Promise<boolean> {
    try {
      const use = await load();
      if (!signal.aborted && this.isOpen) {
        use();
        this.fault.emit('');
      }

      return true;
    } catch (fault) {
      if (!signal.aborted) {
        this.play(false);
        this.fault.emit(t('replayFault', { fault: explain(fault) }));
      }

      return false;
    }
  }

  /** Of a van that was not on record yet but sent fixes no status is known: it had not been set off. */
  private complete(item: PastVehicle): Vehicle[] {
    const { operationalStatus, ...rest } = item;
    const known = this.today.vans.get(item.id)?.vehicle;
    return operationalStatus || item.currentLocation ? [{ ...known, ...rest, operationalStatus: operationalStatus ?? 'parked' } as Vehicle] : [];
  }
}

/** What the page asks for is sound, so that a moment is refused only where its positions are gone. */
function explain(fault: unknown): string {
  return !(fault instanceof Problem) ? wordsOf(fault)
    : fault.status === 404 ? t('notOnServer')
    : fault.fields.some(name => name === 'at' || name === 'from') ? t('replayGone')
    : wordsOf(fault);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
