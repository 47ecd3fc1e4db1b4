import type { Api } from '../api/client.ts';
import { Problem, wordsOf } from '../api/problem.ts';
import { t } from '../i18n/language.ts';
import { h } from '../page/dom.ts';
import { Signal } from '../page/signal.ts';
import { disable } from './action-item.ts';

/** Answers that say that nothing was done. */
const refusals: ReadonlySet<string> = new Set(['transition-refused', 'validation', 'not-found', 'overlap', 'stale-version']);

/** Something that an action has to be told. */
export interface ActionField {
  readonly element: HTMLElement;
  focus(): void;
  /** What is to be sent; undefined, and told to the reader, where it can't be. */
  read(): object | undefined;
}

/** What the reader saw when the form was opened: what somebody else did since is not overwritten. */
export interface Seen {
  readonly version: number;
  /** Somebody was first: reads it anew, fills the fields with it, and answers what happened in words. */
  renew(fault: Problem, fields: readonly ActionField[]): Promise<string>;
}

/** What an action has to be told, and its confirmation. */
export class ActionForm {
  readonly element: HTMLFormElement;
  /** It was done, or given up. */
  readonly closed = new Signal();

  private readonly api: Api;
  private readonly path: string;
  private readonly fields: readonly ActionField[];
  private readonly seen: Seen | undefined;
  private readonly reason = h('input', { name: 'reason', maxlength: 500, placeholder: t('reason'), 'aria-label': t('reason') });
  private readonly fault = h('p.fault', { role: 'alert' });
  private readonly confirm = h('button.primary', { type: 'submit' }, t('confirm'));
  /** The command's own name: sent again after a lost answer, it is still the same command. */
  private key = crypto.randomUUID();
  private isSending = false;

  constructor(api: Api, path: string, fields: readonly ActionField[], seen?: Seen) {
    this.api = api;
    this.path = path;
    this.fields = fields;
    this.seen = seen;
    this.element = h('form.confirm', {
      novalidate: true,
      onsubmit: (event: Event) => {
        event.preventDefault();
        void this.submit();
      },
      onkeydown: (event: KeyboardEvent) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          this.close();
        }
      },
    }, ...fields.map(field => field.element), this.reason,
    h('div.buttons', {}, this.confirm, h('button', { type: 'button', onclick: () => this.close() }, t('cancel'))), this.fault);
    if (this.asksForReason) {
      this.reason.hidden = true;
    }
  }

  focus(): void {
    (this.fields[0] ?? this.reason).focus();
  }

  /** What is possible may change while it is filled in. @param why The element that says why not. */
  allow(isAllowed: boolean, why: string): void {
    disable(this.confirm, !isAllowed, why);
  }

  /** One of the fields is the reason, where it is required. */
  private get asksForReason(): boolean {
    return this.fields.some(field => field.element.querySelector('[name=reason]'));
  }

  private close(): void {
    this.element.remove();
    this.closed.emit();
  }

  private async submit(): Promise<void> {
    if (this.isSending || this.confirm.ariaDisabled === 'true') {
      return;
    }

    const told: object = { reason: this.reason.value || null };
    for (const field of this.fields) {
      const part = field.read();
      if (!part) {
        return;
      }

      Object.assign(told, part);
    }

    this.isSending = true;
    this.fault.textContent = '';
    try {
      await this.api.post(this.path, told, this.key, this.seen?.version);
      this.close();
    } catch (problem) {
      this.fault.textContent = this.seen && problem instanceof Problem && problem.code === 'stale-version' ? await this.seen.renew(problem, this.fields)
        : problem instanceof Problem && problem.fields.includes('visitId') ? t('visitUnknown')
        : wordsOf(problem);
      // The server would give this answer to its name ever after; what comes next is another command.
      if (problem instanceof Problem && refusals.has(problem.code)) {
        this.key = crypto.randomUUID();
      }
    } finally {
      this.isSending = false;
    }
  }
}
