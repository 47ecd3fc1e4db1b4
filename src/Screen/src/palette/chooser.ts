import { byId, h, replace, setText } from '../page/dom.ts';
import { t } from '../i18n/language.ts';

export interface Choice {
  readonly title: string;
  readonly detail?: string | undefined;
  /** What kind of thing it is. */
  readonly kind?: string | undefined;
  /** It may be chosen, but something speaks against it. */
  readonly isDoubtful?: boolean;
  readonly run: () => void;
}

/** Answers what fits what was typed; asked again at each letter, of which the last counts. */
export type Source = (typed: string, signal: AbortSignal) => readonly Choice[] | Promise<readonly Choice[]>;

/** So long after a letter the question waits for the next one, ms. */
const pause = 90;

/** A dialog of one field and what was found by it: the arrows walk, Enter chooses. */
export class Chooser {
  private readonly dialog = byId<HTMLDialogElement>('chooser');
  private readonly title = byId('chooser-title');
  private readonly input = byId<HTMLInputElement>('chooser-input');
  private readonly list = byId('chooser-list');
  private readonly state = byId('chooser-state');
  private source: Source = () => [];
  private choices: readonly Choice[] = [];
  private at = 0;
  private asking = new AbortController();
  private timer = 0;
  private from: HTMLElement | undefined;

  constructor() {
    this.input.addEventListener('input', () => this.soon());
    this.dialog.addEventListener('keydown', event => this.onKey(event));
    this.dialog.addEventListener('click', event => {
      const index = (event.target as Element).closest<HTMLElement>('[data-index]')?.dataset['index'];
      if (index) {
        this.choose(Number(index));
      } else if (event.target === this.dialog) {
        this.dialog.close();
      }
    });
    this.dialog.addEventListener('close', () => {
      this.asking.abort();
      clearTimeout(this.timer);
      this.from?.focus();
    });
  }

  open(title: string, source: Source): void {
    this.from = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
    this.source = source;
    setText(this.title, title);
    this.input.value = '';
    this.input.placeholder = title;
    this.choices = [];
    this.at = 0;
    replace(this.list);
    this.dialog.showModal();
    this.input.focus();
    void this.ask();
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), pause);
  }

  private async ask(): Promise<void> {
    this.asking.abort();
    const { signal } = (this.asking = new AbortController());
    try {
      const choices = await this.source(this.input.value.trim(), signal);
      if (!signal.aborted) {
        this.choices = choices;
        this.at = 0;
        this.draw();
      }
    } catch (fault) {
      if (!signal.aborted) {
        setText(this.state, fault instanceof Error ? fault.message : String(fault));
      }
    }
  }

  private draw(): void {
    replace(this.list, ...this.choices.map(({ title, detail, kind, isDoubtful }, i) => h(
      'li', { role: 'option', id: `choice-${i}`, 'data-index': i, 'aria-selected': String(i === this.at), class: isDoubtful ? 'doubtful' : '' },
      h('b', {}, title), kind && h('span.tag', {}, kind), detail && h('small', {}, detail))));
    setText(this.state, this.choices.length ? '' : this.input.value ? t('nothingFound') : '');
    if (this.choices.length) {
      this.input.setAttribute('aria-activedescendant', `choice-${this.at}`);
      this.list.children[this.at]?.scrollIntoView({ block: 'nearest' });
    } else {
      this.input.removeAttribute('aria-activedescendant');
    }
  }

  private onKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.choices.length) {
      event.preventDefault();
      this.at = (this.at + step + this.choices.length) % this.choices.length;
      this.draw();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      this.choose(this.at);
    }
  }

  private choose(index: number): void {
    const choice = this.choices[index];
    if (choice) {
      // What is chosen decides where the reader goes on.
      this.from = undefined;
      this.dialog.close();
      choice.run();
    }
  }
}
