import { languageChanged, t } from '../i18n/language.ts';
import { byId, setText } from '../page/dom.ts';
import type { Feed, FeedState } from './feed.ts';

const resumedFor = 12_000;

/** Says how the live feed is doing. */
export class Badge {
  private readonly element = byId('badge');
  private readonly text = byId('badge-text');
  private state: FeedState = { kind: 'connecting' };
  private timer = 0;

  constructor(feed: Feed) {
    feed.state.on(state => this.set(state));
    languageChanged.on(() => this.write());
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
    this.element.dataset['state'] = this.state.kind;
    setText(this.text, wordsOf(this.state));
  }
}

function wordsOf(state: FeedState): string {
  if (state.kind !== 'resumed') {
    return t(state.kind);
  }

  return state.changes === 0 ? t('resumedNone') : state.changes === 1 ? t('resumedOne') : t('resumed', { n: state.changes });
}
