import type { Api } from '../api/client.ts';
import { wordsOf } from '../api/problem.ts';
import type { Change, Page } from '../api/types.ts';
import { clock, duration, moment } from '../i18n/format.ts';
import { languageChanged, t, word } from '../i18n/language.ts';
import type { Session } from '../login/session.ts';
import { byId, h, replace, setText } from '../page/dom.ts';
import type { Notice } from '../page/notice.ts';
import { Signal } from '../page/signal.ts';
import type { Call, Missed } from './types.ts';

const recent = 50;

/** Who is to be called back, one row a caller, and the calls of late. */
export class CallsView {
  /** How many nobody calls back yet. */
  readonly counted = new Signal<number>();

  private readonly api: Api;
  private readonly session: Session;
  private readonly notice: Notice;
  private readonly element = byId('calls');
  private readonly missed = h('ul.work-rows', { 'aria-labelledby': 'missed-title' });
  private readonly list = h('ul.work-rows', { 'aria-labelledby': 'recent-title' });
  private readonly titles = [h('h3', { id: 'missed-title' }), h('h3', { id: 'recent-title' })] as const;
  private callers: readonly Missed[] = [];
  private timer = 0;

  constructor(api: Api, session: Session, notice: Notice) {
    this.api = api;
    this.session = session;
    this.notice = notice;
    replace(this.element, h('section', {}, this.titles[0], this.missed), h('section', {}, this.titles[1], this.list));
    this.missed.addEventListener('click', event => {
      const button = (event.target as Element).closest<HTMLElement>('[data-action]');
      const caller = this.callers.find(({ caller: { key } }) => key === button?.dataset['caller']);
      if (button && caller) {
        void this.act(caller, button.dataset['action']!);
      }
    });
    languageChanged.on(() => this.load());
  }

  get waiting(): readonly Missed[] {
    return this.callers.filter(({ claimedBy }) => !claimedBy);
  }

  follow({ entityType }: Change): void {
    if (entityType === 'call' || entityType === 'call_back') {
      this.timer ||= window.setTimeout(() => {
        this.timer = 0;
        this.load();
      }, 200);
    }
  }

  load(): void {
    void this.loadMissed();
    if (!this.element.hidden) {
      void this.loadRecent();
    }
  }

  focus(): void {
    this.element.querySelector<HTMLElement>('button')?.focus();
  }

  private async loadMissed(): Promise<void> {
    setText(this.titles[0], t('missedCalls'));
    setText(this.titles[1], t('recentCalls'));
    if (!this.session.may('calls.read')) {
      replace(this.missed, h('li.quiet', {}, t('forbidden')));
      return;
    }

    try {
      this.callers = (await this.api.get<{ readonly items: readonly Missed[] }>('/api/calls/missed?limit=100')).items;
      replace(this.missed, ...(this.callers.length ? this.callers.map(missed => this.row(missed)) : [h('li.quiet', {}, t('noMissed'))]));
      this.counted.emit(this.waiting.length);
    } catch (fault) {
      replace(this.missed, h('li.quiet', {}, wordsOf(fault)));
    }
  }

  private async loadRecent(): Promise<void> {
    if (!this.session.may('calls.read')) {
      replace(this.list);
      return;
    }

    try {
      const { items } = await this.api.get<Page<Call>>(`/api/calls?limit=${recent}`);
      replace(this.list, ...(items.length ? items.map(call => h('li.work-row', { 'data-call': call.id },
        h('span', {}, call.direction === 'outbound' ? '↗' : '↙', ' ', h('b', {}, call.callerNumber ?? call.rawDigits ?? t('withheld'))),
        h('span.quiet', {}, [call.businessEntity && word('brand.', call.businessEntity), word('callStatus.', call.status), call.duration ? duration(call.duration * 1_000) : null].filter(Boolean).join(' · ')),
        h('time.quiet', {}, call.startedAt ? moment(call.startedAt) : ''))) : [h('li.quiet', {}, t('noCalls'))]));
    } catch (fault) {
      replace(this.list, h('li.quiet', {}, wordsOf(fault)));
    }
  }

  private row({ caller, claimedBy, claimedUntil }: Missed): HTMLElement {
    const isMine = claimedBy && claimedBy === this.session.user?.contactId;
    const mayWrite = this.session.may('calls.write');
    const button = (action: string, text: string) =>
      h('button.chip', { type: 'button', 'data-action': action, 'data-caller': caller.key, 'aria-label': `${text}: ${caller.callerNumber ?? caller.rawDigits ?? t('withheld')}` }, text);
    return h('li.work-row', { 'data-caller': caller.key },
      h('span', {}, h('b', {}, caller.callerNumber ?? caller.rawDigits ?? t('withheld')), caller.urgency === 'low' && h('span.quiet', {}, ` ${t('hungUp')}`)),
      h('span.quiet', {}, [
        caller.count > 1 ? t('timesSince', { n: caller.count, time: clock(caller.firstAt) }) : moment(caller.lastAt),
        caller.waitsUntil && t('notBefore', { time: clock(caller.waitsUntil) }), caller.messagedAt && t('messagedSince', { time: clock(caller.messagedAt) }),
        claimedBy && (isMine ? t('claimedByYou', { time: clock(claimedUntil!) }) : t('claimedByOther', { time: clock(claimedUntil!) })),
      ].filter(Boolean).join(' · ')),
      h('span.row-actions', {}, caller.callerNumber && h('a.chip', { href: `tel:${caller.callerNumber}` }, t('callBack')),
        mayWrite && !claimedBy && button('claim', t('claim')), mayWrite && isMine && button('release', t('release')),
        mayWrite && (isMine || !claimedBy) && button('done', t('done'))));
  }

  private async act({ caller }: Missed, action: string): Promise<void> {
    try {
      await this.api.post(`/api/calls/${caller.callIds[0]}/actions/${action}`, {}, crypto.randomUUID());
    } catch (fault) {
      this.notice.fail(wordsOf(fault));
    }

    await this.loadMissed();
    (this.missed.querySelector<HTMLElement>(`[data-caller="${CSS.escape(caller.key)}"] button`) ?? this.missed.querySelector<HTMLElement>('button'))?.focus();
  }
}
