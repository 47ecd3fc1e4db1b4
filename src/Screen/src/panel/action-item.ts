import { reasonOf } from '../api/problem.ts';
import type { ActionOption } from '../api/types.ts';
import { t, word } from '../i18n/language.ts';
import { h, replace, setText } from '../page/dom.ts';
import type { ActionForm } from './action-form.ts';

/** Where the words of an action and of a status begin: those of a van, of a visit and of an order differ. */
export interface Words {
  readonly action: string;
  readonly status: string;
}

/** One action, as a button; when it is not possible, why. Asked for, it becomes a form: a slip of the mouse moves no van. */
export class ActionItem {
  readonly element: HTMLLIElement;

  private readonly open: () => ActionForm;
  private readonly to = h('span.to');
  private readonly button: HTMLButtonElement;
  private readonly why: HTMLElement;
  private form: ActionForm | undefined;
  private isAllowed = false;

  private readonly words: Words;

  /** @param open Makes the form. @param name Tells it from the same action of something else on the page. */
  constructor(action: string, words: Words, open: () => ActionForm, name = '') {
    this.open = open;
    this.words = words;
    this.why = h('small', { id: `why-${name}${action}`, hidden: true });
    this.button = h('button.action', { type: 'button', 'data-action': action, onclick: () => this.isAllowed && this.ask() });
    this.element = h('li', {}, this.button, this.why);
  }

  get isOpen(): boolean {
    return this.form !== undefined;
  }

  /** @param reasons Why it is not possible, beside those of the server. */
  write({ action, to, allowed, unmet }: ActionOption, reasons: readonly string[]): void {
    this.isAllowed = allowed && !reasons.length;
    const all = [...reasons, ...unmet.map(reasonOf)];
    this.why.hidden = this.isAllowed;
    setText(this.why, this.isAllowed ? '' : t('notAllowed', { reasons: all.join('; ') }));
    setText(this.to, word(this.words.status, to));
    this.to.dataset['status'] = to;
    replace(this.button, word(this.words.action, action), this.to);
    disable(this.button, !this.isAllowed, this.why.id);
    this.form?.allow(this.isAllowed, this.why.id);
  }

  private ask(): void {
    if (!this.form) {
      this.form = this.open();
      this.form.closed.on(() => {
        this.form = undefined;
        this.button.focus();
      });
      this.element.append(this.form.element);
      this.form.focus();
    }
  }
}

/** A button that says why it does nothing has to be reached. */
export function disable(button: HTMLButtonElement, isDisabled: boolean, why: string): void {
  if (isDisabled) {
    button.setAttribute('aria-disabled', 'true');
    button.setAttribute('aria-describedby', why);
  } else {
    button.removeAttribute('aria-disabled');
    button.removeAttribute('aria-describedby');
  }
}
