import type { Silence } from '../fleet/silence.ts';
import { age, clock } from '../i18n/format.ts';
import { languageChanged, t } from '../i18n/language.ts';
import { byId, setText } from '../page/dom.ts';
import { serverTime } from '../page/server-clock.ts';
import { Signal } from '../page/signal.ts';
import type { Feed } from './feed.ts';

/** A hiccup is over sooner, ms: nobody has to know of it. */
const patience = 2_000;

/** The feed is silent: a bar says since when, the vans grow old, and nothing on the page passes for live. */
export class Outage {
  /** Whether the page is cut off. */
  readonly changed = new Signal<boolean>();

  private readonly silence: Silence;
  private readonly bar = byId('outage');
  private readonly text = byId('outage-text');
  private readonly length = byId('outage-age');
  private since: number | undefined;
  private waiting = 0;
  private ticking = 0;

  constructor(feed: Feed, silence: Silence) {
    this.silence = silence;
    feed.state.on(state => state.kind === 'reconnecting' && this.begin(state.since));
    feed.answered.on(() => this.end());
    byId('outage-retry').addEventListener('click', () => feed.retry());
    languageChanged.on(() => this.write());
  }

  end(): void {
    clearTimeout(this.waiting);
    clearInterval(this.ticking);
    this.waiting = this.ticking = 0;
    this.since = undefined;
    this.silence.end();
    if (!this.bar.hidden) {
      this.bar.hidden = true;
      setText(this.text, '');
      document.body.classList.remove('cut');
      this.changed.emit(false);
    }
  }

  private begin(since: number): void {
    if (this.since === undefined) {
      this.since = since;
      this.silence.begin(since);
      this.waiting = window.setTimeout(() => this.tell(), patience);
    }
  }

  private tell(): void {
    this.bar.hidden = false;
    document.body.classList.add('cut');
    this.changed.emit(true);
    this.write();
    this.tick();
    this.ticking = window.setInterval(() => this.tick(), 1_000);
  }

  private tick(): void {
    const now = serverTime();
    this.silence.age(now);
    setText(this.length, age(now - this.since!));
  }

  private write(): void {
    if (this.since !== undefined && !this.bar.hidden) {
      setText(this.text, t('outage', { time: clock(this.since, true) }));
    }
  }
}
