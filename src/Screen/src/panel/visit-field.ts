import { t } from '../i18n/language.ts';
import { h } from '../page/dom.ts';
import { visitIdOf } from './visit-id.ts';

/** Asks for the visit that a van has arrived at. The server lists no visits yet, so that it can only be named by its id. */
export class VisitField {
  readonly input = h('input', {
    name: 'visitId', autocomplete: 'off', spellcheck: 'false', placeholder: t('visitHint'), 'aria-describedby': 'visit-why visit-fault', required: true,
  });

  private readonly fault = h('p.fault', { id: 'visit-fault', role: 'alert' });

  readonly element = h('div.field', {}, h('label', {}, t('visit'), this.input), h('small', { id: 'visit-why' }, t('visitWhy')), this.fault);

  constructor() {
    this.input.addEventListener('input', () => this.tell(false));
  }

  /** The id that was filled in; undefined, and told, when it is none. */
  read(): string | undefined {
    const id = visitIdOf(this.input.value);
    this.tell(id === undefined);
    return id;
  }

  private tell(isWrong: boolean): void {
    this.fault.textContent = isWrong ? t('visitInvalid') : '';
    this.input.setAttribute('aria-invalid', String(isWrong));
    if (isWrong) {
      this.input.focus();
    }
  }
}
