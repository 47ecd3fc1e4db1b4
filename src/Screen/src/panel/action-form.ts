import type { Api } from '../api/client.ts';
import { Problem, wordsOf } from '../api/problem.ts';
import { t } from '../i18n/language.ts';
import { h } from '../page/dom.ts';
import { Signal } from '../page/signal.ts';
import { disable } from './action-item.ts';
import { VisitField } from './visit-field.ts';

/** Answers that say that nothing was done. */
const refusals: ReadonlySet<string> = new Set(['transition-refused', 'validation', 'not-found']);

/** What an action of a van has to be told, and its confirmation. */
export class ActionForm {
  readonly element: HTMLFormElement;
  /** It was done, or given up. */
  readonly closed = new Signal();

  private readonly api: Api;
  private readonly path: string;
  private readonly visit: VisitField | undefined;
  private readonly reason = h('input', { name: 'reason', maxlength: 500, placeholder: t('reason'), 'aria-label': t('reason') });
  private readonly fault = h('p.fault', { role: 'alert' });
  private readonly confirm = h('button.primary', { type: 'submit' }, t('confirm'));
  /** The command's own name: sent again after a lost answer, it is still the same command. */
  private key = crypto.randomUUID();
  private isSending = false;

  constructor(api: Api, vehicle: string, action: string) {
    this.api = api;
    this.path = `/api/vehicles/${vehicle}/actions/${action}`;
    this.visit = action === 'arrive' ? new VisitField() : undefined;
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
    }, this.visit?.element, this.reason, h('div.buttons', {}, this.confirm, h('button', { type: 'button', onclick: () => this.close() }, t('cancel'))), this.fault);
  }

  focus(): void {
    (this.visit?.input ?? this.reason).focus();
  }

  /** What is possible may change while it is filled in. @param why The element that says why not. */
  allow(isAllowed: boolean, why: string): void {
    disable(this.confirm, !isAllowed, why);
  }

  private close(): void {
    this.element.remove();
    this.closed.emit();
  }

  private async submit(): Promise<void> {
    const visitId = this.visit?.read();
    if (this.isSending || this.confirm.ariaDisabled === 'true' || (this.visit && !visitId)) {
      return;
    }

    this.isSending = true;
    this.fault.textContent = '';
    try {
      await this.api.post(this.path, { reason: this.reason.value || null, ...(visitId ? { visitId } : {}) }, this.key);
      this.close();
    } catch (problem) {
      this.fault.textContent = problem instanceof Problem && problem.fields.includes('visitId') ? t('visitUnknown') : wordsOf(problem);
      // The server would give this answer to its name ever after; what comes next is another command.
      if (problem instanceof Problem && refusals.has(problem.code)) {
        this.key = crypto.randomUUID();
      }
    } finally {
      this.isSending = false;
    }
  }
}
