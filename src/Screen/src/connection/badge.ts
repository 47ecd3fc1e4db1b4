import { clock, moment } from '../i18n/format.ts';
import { languageChanged, t } from '../i18n/language.ts';
import { byId, setText } from '../page/dom.ts';
import { serverTime } from '../page/server-clock.ts';
import { dayOf } from '../panel/day.ts';
import type { Feed, FeedState } from './feed.ts';

const resumedFor = 12_000;

/** Says of what time it is what the page shows: live, as good as the feed, or of a moment of the past. */
export class Badge {
  private readonly element = byId('badge');
  private readonly text = byId('badge-text');
  private readonly time = byId('badge-time');
  private state: FeedState = { kind: 'connecting' };
  private timer = 0;
  private past: number | undefined;

  constructor(feed: Feed) {
    feed.state.on(state => this.set(state));
    languageChanged.on(() => this.write());
  }

  /** @param at The moment that is shown, ms since 1970; undefined for now. */
  showMoment(at: number | undefined): void {
    this.past = at;
    this.write();
  }

  private set(state: FeedState): void {
    clearTimeout(this.timer);
    this.state = state;
    if (state.kind === 'resumed') {
      this.timer = window.setTimeout(() => this.set({ kind: 'live' }), resumedFor);
    }

    this.write();
  }

  private write(): void {
    const { past } = this;
    this.element.dataset['state'] = past === undefined ? this.state.kind : 'replaying';
    setText(this.text, past === undefined ? wordsOf(this.state) : t('replaying'));
    // Read out with every second that is replayed, it would be all that is heard.
    setText(this.time, past === undefined ? '' : dayOf(past)[0].getTime() === dayOf(serverTime())[0].getTime() ? clock(past, true) : moment(past));
  }
}

function wordsOf(state: FeedState): string {
  if (state.kind !== 'resumed') {
    return t(state.kind);
  }

  return state.changes === 0 ? t('resumedNone') : state.changes === 1 ? t('resumedOne') : t('resumed', { n: state.changes });
}
