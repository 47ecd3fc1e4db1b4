import { t } from '../i18n/language.ts';
import { h } from '../page/dom.ts';
import type { ActionField } from './action-form.ts';

let made = 0;

/** A text that an action asks for. */
export class TextField implements ActionField {
  readonly element: HTMLElement;

  private readonly input: HTMLInputElement;
  private readonly fault: HTMLElement;
  private readonly name: string;
  private readonly isRequired: boolean;

  constructor(name: string, label: string, isRequired: boolean) {
    this.name = name;
    this.isRequired = isRequired;
    const id = `text-fault-${++made}`;
    this.fault = h('p.fault', { id, role: 'alert' });
    this.input = h('input', { name, maxlength: 500, 'aria-describedby': id, required: isRequired, autocomplete: 'off' });
    this.element = h('div.field', {}, h('label', {}, label, this.input), this.fault);
    this.input.addEventListener('input', () => this.tell(false));
  }

  focus(): void {
    this.input.focus();
  }

  read(): object | undefined {
    const value = this.input.value.trim();
    if (!value && this.isRequired) {
      this.tell(true);
      this.input.focus();
      return undefined;
    }

    return value ? { [this.name]: value } : {};
  }

  private tell(isMissing: boolean): void {
    this.fault.textContent = isMissing ? t('required') : '';
    this.input.setAttribute('aria-invalid', String(isMissing));
  }
}
