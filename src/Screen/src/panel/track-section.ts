import type { Api } from '../api/client.ts';
import type { Fix } from '../api/types.ts';
import type { Van } from '../fleet/fleet.ts';
import { clock, number } from '../i18n/format.ts';
import { t } from '../i18n/language.ts';
import { h, replace, setText } from '../page/dom.ts';
import { serverTime } from '../page/server-clock.ts';
import { Signal } from '../page/signal.ts';
import { DayTrack, readDay, readSpan } from './day-track.ts';
import { fill } from './section.ts';

/** After a longer silence, ms, the fixes between may not have been told: they are asked for. */
const patience = 5_000;

/** The panel's part about the van's way of the day: it is drawn while it is read, and goes on as the van does. */
export class TrackSection {
  readonly shown = new Signal<readonly Fix[]>();
  /** The reader wants to see the whole track. */
  readonly framed = new Signal<readonly Fix[]>();

  private readonly api: Api;
  private readonly element: HTMLElement;
  private readonly sum = h('span');
  private readonly missing = h('p.quiet');
  private readonly line = h('p.track', {}, this.sum, h('button.link', { type: 'button', onclick: () => this.framed.emit(this.track.points) }));
  private track = new DayTrack();
  private signal = new AbortController().signal;
  private day: readonly [from: Date, to: Date] = [new Date(0), new Date(0)];
  private isRead = false;
  private isCatchingUp = false;
  private isNew = false;

  constructor(api: Api, element: HTMLElement) {
    this.api = api;
    this.element = element;
  }

  clear(): void {
    this.track = new DayTrack();
    this.isRead = false;
    this.element.replaceChildren();
    this.shown.emit([]);
  }

  load(van: Van, day: readonly [from: Date, to: Date], signal: AbortSignal): void {
    const track = new DayTrack();
    [this.track, this.signal, this.day] = [track, signal, day];
    this.isRead = this.isCatchingUp = false;
    void fill(this.element, signal, async () => {
      await readDay(this.api, van.id, ...day, serverTime(), track, signal, () => {
        this.shown.emit(track.points);
        replace(this.element, ...this.write(t('loading')));
      });
      this.isRead = !signal.aborted;
      if (this.isRead) {
        this.shown.emit(track.points);
        void this.catchUp(van);
      }

      return this.write();
    });
  }

  /** Whether it shows the day that this is the beginning of. */
  isOf(day: Date): boolean {
    return this.day[0].getTime() === day.getTime();
  }

  /** The van moved. */
  follow(van: Van): void {
    const { currentLocation: place, lastLocationUpdate: fixTime } = van.vehicle;
    if (!place || !fixTime || !this.isAfterTrack(fixTime)) {
      return;
    }

    const { last } = this.track;
    if (last && Date.parse(fixTime) - Date.parse(last.fixTime) <= patience && !this.isCatchingUp) {
      this.isNew = this.track.append({ ...place, fixTime }) || this.isNew;
    } else {
      void this.catchUp(van);
    }
  }

  /** The van may be where nobody saw it go: the fixes on the way are asked for. */
  async catchUp(van: Van): Promise<void> {
    const { track, signal, day: [from, to] } = this;
    if (this.isCatchingUp || !this.isAfterTrack(van.vehicle.lastLocationUpdate)) {
      return;
    }

    this.isCatchingUp = true;
    let found = 0;
    try {
      await readSpan(this.api, van.id, track.last ? new Date(track.last.fixTime) : from, to, signal, fix => (found += Number(track.append(fix))));
    } catch {
      // It is asked for again with the next fix.
    }

    if (!signal.aborted) {
      this.isCatchingUp = false;
      this.isNew ||= found > 0;
    }

    // It may have moved on meanwhile.
    if (!signal.aborted && found) {
      await this.catchUp(van);
    }
  }

  /** Writes what has come since the last time. */
  grow(): void {
    if (this.isNew && this.isRead && !this.isCatchingUp) {
      this.isNew = false;
      this.shown.emit(this.track.points);
      const parts = this.write();
      if (!this.element.contains(parts[0]!)) {
        replace(this.element, ...parts);
      }
    }
  }

  private write(more = ''): readonly HTMLElement[] {
    const { count, metres, since } = this.track;
    if (count < 2 && !more) {
      return [h('p.quiet', {}, t('trackEmpty'))];
    }

    setText(this.sum, t('trackFixes', { n: number(count), km: number(metres / 1_000, 1) }));
    setText(this.line.querySelector('button')!, t('map'));
    setText(this.missing, more || (since ? t('trackSince', { time: clock(since) }) : ''));
    return this.missing.textContent ? [this.line, this.missing] : [this.line];
  }

  private isAfterTrack(fixTime: string | null | undefined): boolean {
    const last = this.track.last?.fixTime;
    const at = fixTime ? Date.parse(fixTime) : NaN;
    return this.isRead && at >= this.day[0].getTime() && at < this.day[1].getTime() && !(last && at <= Date.parse(last));
  }
}
