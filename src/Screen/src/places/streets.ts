import type { Api } from '../api/client.ts';
import { Signal } from '../page/signal.ts';
import type { Coordinates } from './towns.ts';

/** An address as the server knows it. */
export interface Address extends Coordinates {
  readonly street: string;
  readonly houseNumber?: string | null;
  readonly postalCode?: string | null;
  readonly town: string;
}

/** So many questions are under way at once. */
const sideBySide = 3;
/** Questions that nobody waits for any more are forgotten: as many as a list shows. */
const mostWaiting = 40;
const mostKept = 3_000;
/** A van that drives is in another street every few seconds: so often it is asked for, ms. */
const pace = 15_000;

/** The streets of places, by the register of addresses that the server has; each is asked for once. Where the server has none, none is known. */
export class Streets {
  /** A street came that was asked for. */
  readonly found = new Signal();

  private readonly api: Pick<Api, 'get'>;
  private readonly may: () => boolean;
  private readonly clock: () => number;
  private readonly known = new Map<string, string | undefined>();
  private readonly waiting = new Map<string, Coordinates>();
  private readonly vans = new Map<string, { key: string; at: number; text: string | undefined }>();
  private underWay = 0;

  /**
   * @param may Whether the reader may ask.
   * @param clock Milliseconds.
   */
  constructor(api: Pick<Api, 'get'>, may: () => boolean, clock: () => number = () => performance.now()) {
    this.api = api;
    this.may = may;
    this.clock = clock;
  }

  /** Where a van is, as "Neuweg, Hilversum"; while it is asked for, where it was a moment ago. */
  of(van: string, place: Coordinates | null | undefined): string | undefined {
    if (!place || !this.may()) {
      return undefined;
    }

    const [key, now, before] = [keyOf(place), this.clock(), this.vans.get(van)];
    if (this.known.has(key)) {
      const text = this.known.get(key);
      this.vans.set(van, { key, at: before?.key === key ? before.at : now, text });
      return text;
    }

    if (!before || (before.key !== key && now - before.at >= pace)) {
      this.vans.set(van, { key, at: now, text: before?.text });
      this.ask(key, place);
    }

    return before?.text;
  }

  clear(): void {
    this.known.clear();
    this.waiting.clear();
    this.vans.clear();
  }

  private ask(key: string, place: Coordinates): void {
    this.waiting.delete(key);
    this.waiting.set(key, place);
    for (const oldest of this.waiting.keys()) {
      if (this.waiting.size <= mostWaiting) {
        break;
      }

      this.waiting.delete(oldest);
    }

    this.next();
  }

  /** The newest first: what was asked for before may be out of sight. */
  private next(): void {
    const [key, place] = [...this.waiting].at(-1) ?? [];
    if (!key || !place || this.underWay >= sideBySide) {
      return;
    }

    this.waiting.delete(key);
    this.underWay++;
    const [latitude, longitude] = key.split(' ');
    this.api.get<{ readonly place?: Address | null }>(`/api/places/reverse?latitude=${latitude}&longitude=${longitude}`)
      .then(answer => this.keep(key, answer.place ? `${answer.place.street}, ${answer.place.town}` : undefined), () => undefined)
      .finally(() => {
        this.underWay--;
        this.next();
      });
    this.next();
  }

  private keep(key: string, text: string | undefined): void {
    this.known.delete(key);
    this.known.set(key, text);
    for (const oldest of this.known.keys()) {
      if (this.known.size <= mostKept) {
        break;
      }

      this.known.delete(oldest);
    }

    this.found.emit();
  }
}

/** An address in one line. */
export function lineOf({ street, houseNumber, town }: Address): string {
  return `${[street, houseNumber].filter(Boolean).join(' ')}, ${town}`;
}

/** About ten metres, as the server has them too. */
function keyOf({ latitude, longitude }: Coordinates): string {
  return `${latitude.toFixed(4)} ${longitude.toFixed(4)}`;
}
