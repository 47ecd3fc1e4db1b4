import type { Api } from '../api/client.ts';
import { Problem, wordsOf } from '../api/problem.ts';
import type { Status, Vehicle } from '../api/types.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { inPlane, type Manner } from '../fleet/motion.ts';
import { t } from '../i18n/language.ts';
import { Signal } from '../page/signal.ts';
import { ReplayClock } from './replay-clock.ts';

/** How often the fleet is asked for while the replay runs, seconds. */
const pace = 1;

/** Between two moments a van gets further than between two fixes: at 60 times the speed, 3 km. */
export const replayManner: Manner = { leap: inPlane(3_000), pace };

/** A vehicle of the past: where it was and what it did; what it is is asked of now. */
type PastVehicle = Omit<Partial<Vehicle>, 'operationalStatus'> & { readonly id: string; readonly operationalStatus?: Status | null };

/** Shows the fleet as it was: asks the server for one moment after the other, and lets the vans glide between them. */
export class Replay {
  readonly clock = new ReplayClock(() => performance.now());
  /** The moment or the running changed. */
  readonly changed = new Signal();
  readonly fault = new Signal<string>();

  private readonly api: Api;
  private readonly fleet: Fleet;
  private readonly today: Fleet;
  private timer = 0;
  private asking: AbortController | undefined;

  /**
   * @param fleet Shows the past.
   * @param today Knows what each van is.
   */
  constructor(api: Api, fleet: Fleet, today: Fleet) {
    this.api = api;
    this.fleet = fleet;
    this.today = today;
  }

  get isOpen(): boolean {
    return this.timer !== 0;
  }

  open(at: number): void {
    this.fleet.clear();
    this.timer = window.setInterval(() => this.tick(), pace * 1_000);
    this.jump(at);
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = 0;
    this.asking?.abort();
    this.clock.run(false);
    this.fleet.clear();
  }

  jump(at: number): void {
    this.clock.jump(Math.min(at, Date.now()));
    this.asking?.abort();
    this.asking = undefined;
    void this.ask();
    this.changed.emit();
  }

  play(running: boolean): void {
    this.clock.run(running);
    this.changed.emit();
  }

  setRate(rate: number): void {
    this.clock.setRate(rate);
    this.changed.emit();
  }

  private tick(): void {
    if (!this.clock.running) {
      return;
    }

    if (this.clock.now >= Date.now()) {
      this.play(false);
      this.jump(Date.now());
    } else if (!this.asking) {
      void this.ask();
    }

    this.changed.emit();
  }

  private async ask(): Promise<void> {
    const mine = new AbortController();
    this.asking = mine;
    try {
      const at = new Date(this.clock.now).toISOString();
      const { items } = await this.api.get<{ items: readonly PastVehicle[] }>(`/api/fleet?at=${encodeURIComponent(at)}`, mine.signal);
      if (!mine.signal.aborted && this.isOpen) {
        this.fleet.replaceAll(items.flatMap(item => this.complete(item)));
        this.fault.emit('');
      }
    } catch (fault) {
      if (!mine.signal.aborted) {
        this.play(false);
        const words = fault instanceof Problem && fault.status === 404 ? t('notOnServer') : wordsOf(fault);
        this.fault.emit(t('replayFault', { fault: words }));
      }
    } finally {
      if (this.asking === mine) {
        this.asking = undefined;
      }
    }
  }

  /** Of a van that was not on record yet but sent fixes no status is known: it had not been set off. */
  private complete(item: PastVehicle): Vehicle[] {
    const { operationalStatus, ...rest } = item;
    const known = this.today.vans.get(item.id)?.vehicle;
    return operationalStatus || item.currentLocation ? [{ ...known, ...rest, operationalStatus: operationalStatus ?? 'parked' } as Vehicle] : [];
  }
}
