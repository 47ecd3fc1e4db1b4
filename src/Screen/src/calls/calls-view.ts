import type { Api } from '../api/client.ts';
import { wordsOf } from '../api/problem.ts';
import type { Change, Page } from '../api/types.ts';
import { Again } from '../connection/again.ts';
import { clock, duration, moment } from '../i18n/format.ts';
import { languageChanged, t, word } from '../i18n/language.ts';
import type { Session } from '../login/session.ts';
import { byId, h, replace, setText } from '../page/dom.ts';
import { tellFault } from '../page/fault-line.ts';
import { InOrder } from '../page/in-order.ts';
import type { Notice } from '../page/notice.ts';
import { Signal } from '../page/signal.ts';
import type { Moment } from '../work/moment.ts';
import { CallTextSheet } from './call-text.ts';
import type { Call, Missed } from './types.ts';

const recent = 50;

interface Party {
  readonly callerNumber?: string | null;
  readonly rawDigits?: string | null;
}

function nameOf({ callerNumber, rawDigits }: Party): string {
  return callerNumber ?? rawDigits ?? t('withheld');
}

/** Who is to be called back, one row a caller, and the calls of late; or who was, and those up to a moment of the past. */
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
  private readonly moment: Moment;
  private readonly text: CallTextSheet;
  private callers: readonly Missed[] = [];
  private readonly missedAnswers = new InOrder();
  private readonly recentAnswers = new InOrder();
  private readonly again = { missed: new Again(() => this.loadMissed()), recent: new Again(() => !this.element.hidden && !this.moment.isPast && this.loadRecent()) };
  private timer = 0;
  private looking = new AbortController();

  constructor(api: Api, session: Session, notice: Notice, moment: Moment) {
    this.api = api;
    this.session = session;
    this.notice = notice;
    this.moment = moment;
    this.text = new CallTextSheet(api);
    replace(this.element, h('section', {}, this.titles[0], this.missed), h('section', {}, this.titles[1], this.list));
    this.element.addEventListener('click', event => {
      const button = (event.target as Element).closest<HTMLButtonElement>('[data-listen], [data-read]');
      if (button) {
        void this.open(button);
      }
    });
    this.missed.addEventListener('click', event => {
      const button = (event.target as Element).closest<HTMLElement>('[data-action]');
      const caller = this.callers.find(({ caller: { key } }) => key === button?.dataset['caller']);
      if (button && caller) {
        void this.act(caller, button.dataset['action']!);
      }
    });
    languageChanged.on(() => void this.reload());
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
    if (!this.element.hidden && !this.moment.isPast) {
      void this.loadRecent();
    }
  }

  /**
   * Asks for what was so at the moment that is looked at.
   * @param isRunning What was so a little before stays until there is an answer.
   */
  async look(isRunning: boolean): Promise<void> {
    this.looking.abort();
    if (!isRunning) {
      this.empty();
    }

    const { signal } = (this.looking = new AbortController());
    await Promise.all([this.loadMissed(signal), this.loadRecent(signal)]);
  }

  /** What is shown is of another time. */
  turn(): void {
    this.looking.abort();
    this.empty();
    if (!this.moment.isPast) {
      this.load();
    }
  }

  clear(): void {
    this.looking.abort();
    this.again.missed.stop();
    this.again.recent.stop();
    this.callers = [];
    this.counted.emit(0);
    replace(this.missed);
    replace(this.list);
  }

  private empty(): void {
    for (const list of [this.missed, this.list]) {
      replace(list, h('li.quiet', {}, t('loading')));
    }
  }

  private reload(): Promise<void> {
    this.load();
    return this.moment.isPast ? this.look(false) : Promise.resolve();
  }

  focus(): void {
    this.element.querySelector<HTMLElement>('button')?.focus();
  }

  /** @param past Ends the question of a moment of the past; those of now are counted whatever is shown. */
  private async loadMissed(past?: AbortSignal): Promise<void> {
    setText(this.titles[0], t('missedCalls'));
    setText(this.titles[1], t('recentCalls'));
    if (!this.session.may('calls.read')) {
      replace(this.missed, h('li.quiet', {}, t('forbidden')));
      return;
    }

    const counts = past ? () => !past.aborted : this.missedAnswers.ask();
    try {
      const { items } = await this.api.get<{ readonly items: readonly Missed[] }>(`/api/calls/missed?limit=100${past ? this.moment.query : ''}`, past);
      if (!counts()) {
        return;
      }

      if (!past) {
        this.callers = items;
        this.again.missed.stop();
        this.counted.emit(this.waiting.length);
      }

      if (this.isOfWhatIsShown(past)) {
        replace(this.missed, ...(items.length ? items.map(missed => this.row(missed)) : [h('li.quiet', {}, t('noMissed'))]));
      }
    } catch (fault) {
      this.failed('missed', this.missed, fault, counts, past);
    }
  }

  private isOfWhatIsShown(past: AbortSignal | undefined): boolean {
    return past ? !past.aborted : !this.moment.isPast;
  }

  private async loadRecent(past?: AbortSignal): Promise<void> {
    if (!this.session.may('calls.read')) {
      replace(this.list);
      return;
    }

    const counts = past ? () => !past.aborted : this.recentAnswers.ask();
    try {
      const { items } = await this.api.get<Page<Call>>(`/api/calls?limit=${recent}${past ? this.moment.query : ''}`, past);
      if (!counts() || !this.isOfWhatIsShown(past)) {
        return;
      }

      if (!past) {
        this.again.recent.stop();
      }

      replace(this.list, ...(items.length ? items.map(call => h('li.work-row', { 'data-call': call.id },
        h('span', {}, call.direction === 'outbound' ? '↗' : '↙', ' ', h('b', {}, nameOf(call))),
        h('span.quiet', {}, [call.startedAt && moment(call.startedAt), call.businessEntity && word('brand.', call.businessEntity), word('callStatus.', call.status), call.duration ? duration(call.duration * 1_000) : null].filter(Boolean).join(' · ')),
        h('span.row-actions', {}, ...this.sounds(call)))) : [h('li.quiet', {}, t('noCalls'))]));
    } catch (fault) {
      this.failed('recent', this.list, fault, counts, past);
    }
  }

  private failed(what: 'missed' | 'recent', list: Element, fault: unknown, counts: () => boolean, past: AbortSignal | undefined): void {
    if (!counts()) {
      return;
    }

    if (past) {
      replace(list, h('li.quiet', {}, wordsOf(fault)));
      return;
    }

    this.again[what].failed(fault);
    if (!this.moment.isPast) {
      tellFault(list, fault);
    }
  }

  private row({ caller, claimedBy, claimedUntil }: Missed): HTMLElement {
    const isMine = claimedBy && claimedBy === this.session.user?.contactId;
    const mayWrite = this.session.may('calls.write');
    const { isPast } = this.moment;
    const reason = isPast && t('actionsOfNow', { live: t('replayClose') });
    const button = (action: string, text: string) =>
      h('button.chip', { type: 'button', disabled: isPast, title: reason, 'data-action': action, 'data-caller': caller.key, 'aria-label': `${text}: ${nameOf(caller)}` }, text);
    return h('li.work-row', { 'data-caller': caller.key },
      h('span', {}, h('b', {}, nameOf(caller)), caller.urgency === 'low' && h('span.quiet', {}, ` ${t('hungUp')}`)),
      h('span.quiet', {}, [
        caller.count > 1 ? t('timesSince', { n: caller.count, time: clock(caller.firstAt) }) : moment(caller.lastAt),
        caller.waitsUntil && t('notBefore', { time: clock(caller.waitsUntil) }), caller.messagedAt && t('messagedSince', { time: clock(caller.messagedAt) }),
        claimedBy && (isMine ? t('claimedByYou', { time: clock(claimedUntil!) }) : t('claimedByOther', { time: clock(claimedUntil!) })),
      ].filter(Boolean).join(' · ')),
      h('span.row-actions', {}, caller.voicemailOf && this.sound(caller.voicemailOf, 'voicemail', caller), caller.textOf && this.read(caller.textOf, caller),
        caller.callerNumber && !isPast && h('a.chip', { href: `tel:${caller.callerNumber}` }, t('callBack')),
        mayWrite && !claimedBy && button('claim', t('claim')), mayWrite && isMine && button('release', t('release')),
        mayWrite && (isMine || !claimedBy) && button('done', t('done'))));
  }

  private sounds(call: Call): (HTMLElement | false | undefined)[] {
    return [call.hasVoicemail && this.sound(call.id, 'voicemail', call), call.hasRecording && this.sound(call.id, 'recording', call), call.hasText && this.read(call.id, call)];
  }

  private sound(call: string, what: 'recording' | 'voicemail', of: Party): HTMLElement | false {
    return this.session.may('calls.listen') && h('button.chip', {
      type: 'button', 'data-listen': `/api/calls/${call}/${what}`, 'aria-label': `${t(what)}: ${nameOf(of)}`,
    }, `▶ ${t(what)}`);
  }

  private read(call: string, of: Party): HTMLElement | false {
    const who = nameOf(of);
    return this.session.may('calls.listen') && h('button.chip', { type: 'button', 'data-read': `/api/calls/${call}/text`, 'data-who': who, 'aria-label': `${t('callText')}: ${who}` }, t('callText'));
  }

  /** What was said: its sound opens beside the screen, as its address is another's and dies soon; its text above it. */
  private async open(button: HTMLButtonElement): Promise<void> {
    const { listen, read, who } = button.dataset;
    button.disabled = true;
    try {
      if (read) {
        await this.text.open(read, who!);
        return;
      }

      const { address } = await this.api.get<{ readonly address: string }>(listen!);
      if (new URL(address).protocol.startsWith('http')) {
        window.open(address, '_blank', 'noopener,noreferrer');
      }
    } catch (fault) {
      this.notice.fail(wordsOf(fault));
    } finally {
      button.disabled = false;
    }
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
