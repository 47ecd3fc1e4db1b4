import type { Api } from '../api/client.ts';
import { Problem, reasonOf, wordsOf } from '../api/problem.ts';
import type { ActionOption, Vehicle } from '../api/types.ts';
import { t, word } from '../i18n/language.ts';
import type { Session } from '../login/session.ts';
import { h } from '../page/dom.ts';
import { Signal } from '../page/signal.ts';
import { VisitField } from './visit-field.ts';

const permission = 'vehicles.act';
/** Answers that say that nothing was done. */
const refusals: ReadonlySet<string> = new Set(['transition-refused', 'validation', 'not-found']);

/** What can be done with the van; what can't be done says why. */
export class Actions {
  /** The form is closed: what is allowed may be different since it was opened. */
  readonly closed = new Signal();

  private readonly api: Api;
  private readonly session: Session;

  constructor(api: Api, session: Session) {
    this.api = api;
    this.session = session;
  }

  async load(vehicle: Vehicle, signal: AbortSignal): Promise<HTMLElement[]> {
    const options = await this.api.get<ActionOption[]>(`/api/vehicles/${vehicle.id}/actions`, signal);
    return [h('ul.actions', {}, ...options.map(option => this.item(vehicle, option)))];
  }

  private item(vehicle: Vehicle, option: ActionOption): HTMLLIElement {
    const may = this.session.may(permission);
    const reasons = [...option.unmet.map(reasonOf), ...(may ? [] : [t('noPermission', { permission })])];
    const allowed = option.allowed && may;
    const why = allowed ? null : h('small', { id: `why-${option.action}` }, t('notAllowed', { reasons: reasons.join('; ') }));
    const button = h('button.action', {
      type: 'button', 'data-action': option.action, 'aria-disabled': !allowed && 'true', 'aria-describedby': why?.id,
      onclick: () => allowed && this.ask(item, vehicle, option),
    }, word('action.', option.action), h('span.to', { 'data-status': option.to }, word('', option.to)));
    const item = h('li', {}, button, why);
    return item;
  }

  /** One more step, so that a slip of the mouse moves no van. */
  private ask(item: HTMLLIElement, vehicle: Vehicle, option: ActionOption): void {
    if (item.querySelector('form')) {
      return;
    }

    // The command's own name: sent again after a lost answer, it is still the same command.
    let key = crypto.randomUUID();
    const visit = option.action === 'arrive' ? new VisitField() : undefined;
    const reason = h('input', { name: 'reason', maxlength: 500, placeholder: t('reason'), 'aria-label': t('reason') });
    const fault = h('p.fault', { role: 'alert' });
    const confirm = h('button.primary', { type: 'submit' }, t('confirm'));
    const close = () => {
      form.remove();
      item.querySelector('button')?.focus();
      this.closed.emit();
    };
    const form = h('form.confirm', {
      novalidate: true,
      onsubmit: (event: Event) => {
        event.preventDefault();
        const visitId = visit?.read();
        if (visit && !visitId) {
          return;
        }

        confirm.disabled = true;
        fault.textContent = '';
        const body = { reason: reason.value || null, ...(visitId ? { visitId } : {}) };
        this.api.post(`/api/vehicles/${vehicle.id}/actions/${option.action}`, body, key)
          .then(close, (problem: unknown) => {
            const isVisit = problem instanceof Problem && problem.fields.includes('visitId');
            fault.textContent = isVisit ? t('visitUnknown') : wordsOf(problem);
            // The server would give this answer to its name ever after; what comes next is another command.
            if (problem instanceof Problem && refusals.has(problem.code)) {
              key = crypto.randomUUID();
            }

            confirm.disabled = false;
            // A button that can't be pressed can't have the focus either.
            if (document.activeElement === document.body) {
              confirm.focus();
            }
          });
      },
      onkeydown: (event: KeyboardEvent) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          close();
        }
      },
    }, visit?.element, reason, h('div.buttons', {}, confirm, h('button', { type: 'button', onclick: close }, t('cancel'))), fault);
    item.append(form);
    (visit?.input ?? reason).focus();
  }
}
