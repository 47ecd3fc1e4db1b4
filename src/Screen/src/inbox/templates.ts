import type { Api } from '../api/client.ts';
import { wordsOf } from '../api/problem.ts';
import { t } from '../i18n/language.ts';
import { byId, h, replace } from '../page/dom.ts';
import type { Template } from './types.ts';

/** What stands for a link's secret end: the server puts it in as the message leaves. */
const masked = '/track/…';
const asked = /(?:^|\s);(\S*)$/;

/** The templates of a thread, offered where its reader types a semicolon: with live values, so that they read what the customer will. */
export class TemplateList {
  private readonly api: Api;
  private readonly text: HTMLTextAreaElement;
  private readonly list = byId('composer-templates');
  private known: { readonly thread: string; readonly templates: Promise<readonly Template[]> } | undefined;
  private chosen: Template | undefined;
  private turn = 0;

  constructor(api: Api, text: HTMLTextAreaElement) {
    this.api = api;
    this.text = text;
    this.list.addEventListener('keydown', event => this.onKey(event));
    text.addEventListener('keydown', event => {
      if (event.key === 'ArrowDown' && !this.list.hidden) {
        event.preventDefault();
        this.list.querySelector('button')?.focus();
      }
    });
  }

  static hasLink(text: string): boolean {
    return text.includes(masked);
  }

  /** The template whose text this still is; undefined where a person wrote it. */
  of(text: string): string | undefined {
    return this.chosen?.bodyText.trim() === text ? this.chosen.templateId : undefined;
  }

  /** Answers whether it was open. */
  close(): boolean {
    const wasOpen = !this.list.hidden;
    this.list.hidden = true;
    this.turn++;
    if (wasOpen) {
      // What was expected a moment ago is not what is expected at the next message.
      this.known = undefined;
    }

    return wasOpen;
  }

  /** Shows what fits the word behind the semicolon before the caret; nothing where there is none, or no thread. */
  async offer(thread: string | undefined): Promise<void> {
    const wanted = asked.exec(this.text.value.slice(0, this.text.selectionStart))?.[1];
    if (thread === undefined || wanted === undefined) {
      this.close();
      return;
    }

    const turn = ++this.turn;
    this.known = this.known?.thread === thread ? this.known : { thread, templates: this.api.get<readonly Template[]>(`/api/threads/${thread}/templates`) };
    try {
      const fitting = (await this.known.templates).filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
      if (turn === this.turn) {
        replace(this.list, ...fitting.map(template => this.item(template)), !fitting.length && h('p', {}, t('noTemplates')));
        this.list.hidden = false;
      }
    } catch (fault) {
      if (turn === this.turn) {
        this.known = undefined;
        replace(this.list, h('p', {}, wordsOf(fault)));
        this.list.hidden = false;
      }
    }
  }

  private item(template: Template): HTMLElement {
    const isWhole = template.missing.length === 0;
    return h('button', { type: 'button', 'aria-disabled': isWhole ? null : 'true', onclick: () => isWhole && this.choose(template) },
      h('b', {}, template.language ? `${template.name} (${template.language})` : template.name),
      h('span', {}, isWhole ? template.bodyText : t('templateMissing', { names: template.missing.join(', ') })));
  }

  private choose(template: Template): void {
    const [before, after] = [this.text.value.slice(0, this.text.selectionStart), this.text.value.slice(this.text.selectionStart)];
    this.text.value = before.replace(/;\S*$/, '') + template.bodyText + after;
    this.chosen = template;
    this.close();
    this.text.focus();
    this.text.dispatchEvent(new Event('input'));
  }

  private onKey(event: KeyboardEvent): void {
    const buttons = [...this.list.querySelectorAll('button')];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.close();
      this.text.focus();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      (event.key === 'ArrowUp' && at === 0 ? this.text : buttons[at + (event.key === 'ArrowDown' ? 1 : -1)])?.focus();
    }
  }
}
