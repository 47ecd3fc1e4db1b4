import type { Api } from '../api/client.ts';
import { Problem, wordsOf } from '../api/problem.ts';
import type { Change, Page } from '../api/types.ts';
import { Again } from '../connection/again.ts';
import { clock, day, moment } from '../i18n/format.ts';
import { languageChanged, t, word } from '../i18n/language.ts';
import type { Session } from '../login/session.ts';
import { becomeParent, byId, h, replace, setText } from '../page/dom.ts';
import { tellFault } from '../page/fault-line.ts';
import type { Notice } from '../page/notice.ts';
import { serverTime } from '../page/server-clock.ts';
import { Signal } from '../page/signal.ts';
import type { Work } from '../page/state.ts';
import { dayName, later, at } from '../work/day.ts';
import { Drafts } from './drafts.ts';
import { History } from './history.ts';
import { mediaLines } from './media.ts';
import { TemplateList } from './templates.ts';
import type { Message, Presence, Thread } from './types.ts';

/** Says who has a conversation before them: nothing of it is another. */
export const presenceChanged = 'thread.presence_changed';
/** Who reads or answers says so again before the server forgets it, ms. */
const present = 20_000;
const together = 100;

/** One conversation: what was said, oldest first; an answer to the customer and a note among ourselves are two fields that can't be mistaken. */
export class ThreadPanel {
  readonly closed = new Signal();
  readonly chosen = new Signal<Work>();

  private readonly api: Api;
  private readonly session: Session;
  private readonly notice: Notice;
  private readonly element = byId('thread');
  private readonly title = byId('thread-title');
  private readonly about = byId('thread-about');
  private readonly status = byId('thread-status');
  private readonly actions = byId('thread-actions');
  private readonly list = byId('thread-messages');
  private readonly form = byId<HTMLFormElement>('composer');
  private readonly text = byId<HTMLTextAreaElement>('composer-text');
  private readonly label = byId('composer-label');
  private readonly send = byId<HTMLButtonElement>('composer-send');
  private readonly tabs = { reply: byId('composer-reply'), note: byId('composer-note') };
  private readonly presence = byId('thread-presence');
  private told: Promise<void> = Promise.resolve();
  private readonly templates: TemplateList;
  private readonly drafts: Drafts;
  private history = new History();
  /** Who else has it before them, by their contact or their name. */
  private present = new Map<string, { readonly name: string; readonly state: string }>();
  /** Nothing of it was shown yet: its newest message is what it opens at. */
  private isFresh = true;
  private thread: Thread | undefined;
  private id: string | undefined;
  private isNote = false;
  private isSending = false;
  private loading = new AbortController();
  private readonly again = new Again(() => this.load());
  private timer = 0;
  /** The command's own name: sent again after a lost answer, it is still the same message. */
  private key = crypto.randomUUID();

  constructor(api: Api, session: Session, notice: Notice) {
    this.api = api;
    this.session = session;
    this.notice = notice;
    this.drafts = new Drafts(() => sessionStorage, () => session.user?.contactId ?? session.user?.email ?? undefined);
    this.templates = new TemplateList(api, this.text);
    byId('thread-close').addEventListener('click', () => this.closed.emit());
    this.tabs.reply.addEventListener('click', () => this.switch(false));
    this.tabs.note.addEventListener('click', () => this.switch(true));
    this.form.addEventListener('submit', event => {
      event.preventDefault();
      void this.submit();
    });
    this.text.addEventListener('keydown', event => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        void this.submit();
      } else if (event.key === 'Escape') {
        event.stopPropagation();
        if (!this.templates.close()) {
          this.title.focus();
        }
      }
    });
    this.text.addEventListener('input', () => {
      if (this.id) {
        this.drafts.keep(this.draftKey, this.text.value);
        void this.templates.offer(this.isNote ? undefined : this.id);
      }
    });
    this.text.addEventListener('focus', () => void this.tell('answering'));
    this.text.addEventListener('blur', () => void this.tell('reading'));
    this.element.addEventListener('click', event => this.onClick(event));
    languageChanged.on(() => this.id && this.write());
    setInterval(() => this.id && document.visibilityState === 'visible' && void this.tell(document.activeElement === this.text ? 'answering' : 'reading'), present);
  }

  open(id: string): void {
    if (id === this.id) {
      return;
    }

    this.leave();
    this.id = id;
    this.thread = undefined;
    this.history = new History();
    this.present.clear();
    this.isFresh = true;
    this.key = crypto.randomUUID();
    this.element.hidden = false;
    setText(this.title, '…');
    replace(this.list, h('li.quiet', {}, t('loading')));
    replace(this.actions);
    setText(this.presence, '');
    this.templates.close();
    this.switch(false);
    this.loading = new AbortController();
    void this.load().then(() => this.tell('reading'));
    this.title.focus({ preventScroll: true });
  }

  /** Answers whether the reader was in it. */
  close(): boolean {
    const hadFocus = this.element.contains(document.activeElement);
    this.leave();
    this.element.hidden = true;
    return hadFocus;
  }

  /** What was begun is its writer's alone. @param isLeft The person has signed out. */
  clear(isLeft: boolean): void {
    this.drafts.end(isLeft);
    this.text.value = '';
    replace(this.list);
  }

  follow({ type, entityType, entityId, actor, data }: Change): void {
    if (type === presenceChanged) {
      if (entityId === this.id) {
        this.see(data?.['contactId'] as string | null | undefined, actor?.name, String(data?.['state']));
        this.writePresent();
      }

      return;
    }

    if (this.id && (entityId === this.id || (entityType === 'communication_message' && (data?.['threadId'] ?? this.id) === this.id))) {
      this.timer ||= window.setTimeout(() => {
        this.timer = 0;
        void this.load();
      }, together);
    }
  }

  private get draftKey(): string {
    return `${this.id}/${this.isNote}`;
  }

  private leave(): void {
    if (this.id) {
      void this.tell('none');
    }

    this.loading.abort();
    this.again.stop();
    this.id = undefined;
  }

  private async load(): Promise<void> {
    const { id, history, loading: { signal } } = this;
    if (!id) {
      return;
    }

    try {
      const [thread, newest] = await Promise.all([
        this.api.get<Thread>(`/api/threads/${id}`, signal), this.api.get<Page<Message>>(`/api/threads/${id}/messages?${history.newest}`, signal)]);
      if (signal.aborted) {
        return;
      }

      this.again.stop();
      this.thread = thread;
      history.takeNewest(newest);
      this.write();
      void this.api.post(`/api/threads/${id}/actions/read`, {}, crypto.randomUUID()).catch(() => undefined);
    } catch (fault) {
      if (!signal.aborted) {
        this.again.failed(fault);
        tellFault(this.list, fault);
      }
    }
  }

  private async loadEarlier(): Promise<void> {
    const { id, history, loading: { signal } } = this;
    try {
      history.takeEarlier(await this.api.get<Page<Message>>(`/api/threads/${id}/messages?${history.earlier}`, signal));
    } catch (fault) {
      if (!signal.aborted) {
        this.notice.fail(wordsOf(fault));
      }

      return;
    }

    if (!signal.aborted) {
      // What is read stays where it is on the screen.
      const fromEnd = this.list.scrollHeight - this.list.scrollTop;
      this.writeMessages();
      this.list.scrollTop = this.list.scrollHeight - fromEnd;
      if (!history.hasEarlier) {
        this.list.focus({ preventScroll: true });
      }
    }
  }

  private write(): void {
    const { thread } = this;
    if (!thread) {
      return;
    }

    setText(this.title, thread.subject ?? thread.customerAddress ?? t('noSubject'));
    setText(this.about, [word('channel.', thread.channel), thread.customerAddress, thread.businessEntity && word('brand.', thread.businessEntity)].filter(Boolean).join(' · '));
    setText(this.status, [
      word('threadStatus.', thread.status), thread.snoozedUntil && Date.parse(thread.snoozedUntil) > serverTime() && t('snoozedUntil', { time: moment(thread.snoozedUntil) }),
    ].filter(Boolean).join(' · '));
    this.writeActions(thread);
    this.writeMessages();
    this.switch(this.isNote || thread.channel === 'internal');
    this.tabs.reply.hidden = thread.channel === 'internal';
  }

  private writeActions(thread: Thread): void {
    const isMine = thread.assignedToContactId !== null && thread.assignedToContactId !== undefined && thread.assignedToContactId === this.session.user?.contactId;
    const focused = (document.activeElement as HTMLElement | null)?.dataset['threadAction'];
    const button = (action: string, text: string) => h('button.chip', { type: 'button', 'data-thread-action': action }, text);
    const may = this.session.may('threads.write');
    replace(this.actions,
      thread.entityType === 'order' && thread.entityId && h('button.chip', { type: 'button', 'data-work': `order:${thread.entityId}` }, t('toOrder')),
      ...(may && thread.status !== 'archived' ? [
        isMine ? button('give-back', t('giveBack')) : this.session.user?.contactId ? button('take', t('takeIt')) : null,
        thread.status === 'resolved' ? button('reopen', t('reopen')) : button('resolve', t('resolve')),
        thread.status === 'open' && button('snooze-60', t('snoozeHour')), thread.status === 'open' && button('snooze-day', t('snoozeTomorrow')),
      ] : []));
    if (focused) {
      this.actions.querySelector<HTMLElement>(`[data-thread-action="${focused}"]`)?.focus();
    }
  }

  private writeMessages(): void {
    const wasAtEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 60;
    const { messages, hasEarlier } = this.history;
    let lastDay = '';
    // A message that is there stays: its buttons may be about to be pressed.
    becomeParent(this.list, [
      ...(hasEarlier ? [h('li.earlier', { 'data-key': 'earlier' }, h('button.link', { type: 'button', 'data-earlier': '' }, t('earlierMessages')))] : []),
      ...messages.flatMap(message => {
        const on = day(message.sentAt ?? message.createdAt);
        const line = on === lastDay ? [] : [h('li.day-line', { 'data-key': on }, on)];
        lastDay = on;
        return [...line, this.message(message)];
      }),
      ...(messages.length ? [] : [h('li.quiet', {}, t('noMessages'))]),
    ]);
    if (wasAtEnd || this.isFresh) {
      this.list.scrollTop = this.list.scrollHeight;
    }

    this.isFresh = false;
  }

  private message(message: Message): HTMLElement {
    const isNote = message.nature === 'note';
    const kind = isNote ? 'note' : message.movedThreadId ? 'moved' : message.direction === 'outbound' ? 'ours' : 'theirs';
    const waits = message.status === 'queued' && message.sendAt !== null && message.sendAt !== undefined;
    return h('li.message', { 'data-kind': kind, 'data-message': message.id, 'data-key': message.id },
      h('p.message-head', {}, isNote && h('b.internal', {}, t('internal')), h('b', {}, message.senderName ?? message.senderEmail ?? ''), h('time', {}, clock(message.sentAt ?? message.createdAt))),
      h('p.message-text', {}, message.movedThreadId ? t('moved') : message.bodyText ?? t('noText')),
      ...mediaLines(message.attachments).map(({ state, text }) => h('p.message-media', { 'data-media': state }, text)),
      message.status && message.direction === 'outbound' && h('p.message-status', { 'data-status': message.status }, word('messageStatus.', message.status), message.errorText && `: ${message.errorText}`,
        waits && h('button.link', { type: 'button', 'data-message-action': 'cancel', 'data-of': message.id }, t('takeBack')),
        message.status === 'failed' && h('button.link', { type: 'button', 'data-message-action': 'retry', 'data-of': message.id }, t('again'))));
  }

  private switch(isNote: boolean): void {
    if (this.isNote !== isNote) {
      // What comes in while the reader chooses one leaves the list open.
      this.templates.close();
    }

    this.isNote = isNote;
    this.tabs.reply.ariaPressed = String(!isNote);
    this.tabs.note.ariaPressed = String(isNote);
    this.form.classList.toggle('note', isNote);
    const draft = this.drafts.of(this.draftKey);
    if (this.text.value !== draft) {
      this.text.value = draft;
    }

    const may = this.session.may('threads.write') && this.thread?.status !== 'archived';
    setText(this.label, isNote ? t('noteLabel') : t('replyLabel', { channel: this.thread ? word('channel.', this.thread.channel) : '', address: this.thread?.customerAddress ?? '' }));
    this.text.disabled = !may;
    this.send.disabled = !may;
    setText(this.send, isNote ? t('keepNote') : t('send'));
  }

  private async submit(anyway = false): Promise<void> {
    const [text, { id, isNote, draftKey }] = [this.text.value.trim(), this];
    if (!id || !text || this.isSending) {
      return;
    }

    const templateId = isNote ? undefined : this.templates.of(text);
    if (!isNote && !templateId && TemplateList.hasLink(text)) {
      this.notice.fail(t('templateLink'));
      return;
    }

    this.isSending = true;
    this.send.disabled = true;
    try {
      const told = { ...(templateId ? { templateId } : { bodyText: text }), isNote, ...(isNote ? {} : { basedOn: this.thread?.lastPosition ?? 0, anyway }) };
      await this.api.post(`/api/threads/${id}/messages`, told, this.key);
      this.drafts.keep(draftKey, '');
      if (this.id === id && this.isNote === isNote) {
        this.text.value = '';
      }

      this.key = crypto.randomUUID();
      await this.load();
    } catch (fault) {
      const isNothingDone = fault instanceof Problem && fault.status >= 400 && fault.status < 500;
      if (isNothingDone) {
        this.key = crypto.randomUUID();
      }

      this.notice.fail(wordsOf(fault));
      await this.load();
    } finally {
      this.isSending = false;
      this.send.disabled = this.text.disabled;
    }
  }

  private onClick(event: MouseEvent): void {
    const target = event.target as Element;
    const [kind, id] = target.closest<HTMLElement>('[data-work]')?.dataset['work']?.split(':') ?? [];
    const action = target.closest<HTMLElement>('[data-thread-action]')?.dataset['threadAction'];
    const message = target.closest<HTMLElement>('[data-message-action]');
    if (target.closest('[data-earlier]')) {
      void this.loadEarlier();
    } else if (kind && id) {
      this.chosen.emit({ kind: kind as Work['kind'], id });
    } else if (action) {
      void this.act(action);
    } else if (message) {
      void this.do(`/api/messages/${message.dataset['of']}/actions/${message.dataset['messageAction']}`, {});
    }
  }

  private act(action: string): Promise<void> {
    const [path, now] = [`/api/threads/${this.id}/actions`, serverTime()];
    switch (action) {
      case 'take': return this.do(`${path}/assign`, { contactId: this.session.user?.contactId });
      case 'give-back': return this.do(`${path}/assign`, { contactId: null });
      case 'snooze-60': return this.do(`${path}/snooze`, { until: new Date(now + 3_600_000).toISOString() });
      case 'snooze-day': return this.do(`${path}/snooze`, { until: new Date(at(later(dayName(now), 1), 8)).toISOString() });
      default: return this.do(`${path}/${action}`, {});
    }
  }

  private async do(path: string, told: object): Promise<void> {
    try {
      await this.api.post(path, told, crypto.randomUUID());
    } catch (fault) {
      this.notice.fail(wordsOf(fault));
    }

    await this.load();
  }

  /** Tells colleagues that the reader has it before them, so that no two answer; and says who else has. */
  private tell(state: 'reading' | 'answering' | 'none'): Promise<void> {
    const { id } = this;
    // One after the other: whoever leaves must not seem to read because that came later.
    return id ? (this.told = this.told.then(() => this.tellOf(id, state))) : Promise.resolve();
  }

  private async tellOf(id: string, state: 'reading' | 'answering' | 'none'): Promise<void> {
    const answer = await this.api.put<Presence>(`/api/threads/${id}/presence`, { state }).catch(() => undefined);
    if (answer && id === this.id) {
      this.present.clear();
      answer.items.forEach(({ actor, contactId, state: doing }) => this.see(contactId, actor.name, doing));
      this.writePresent();
    }
  }

  private see(contactId: string | null | undefined, name: string | null | undefined, state: string): void {
    const who = contactId ?? name ?? '';
    if (state === 'none') {
      this.present.delete(who);
    } else if (!contactId || contactId !== this.session.user?.contactId) {
      this.present.set(who, { name: name ?? '', state });
    }
  }

  private writePresent(): void {
    setText(this.presence, [...this.present.values()].map(({ name, state }) => t(state === 'answering' ? 'isAnswering' : 'isReading', { name })).join(' · '));
  }
}
