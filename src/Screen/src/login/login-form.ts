import { Problem, wordsOf } from '../api/problem.ts';
import { t } from '../i18n/language.ts';
import { byId } from '../page/dom.ts';
import type { Session } from './session.ts';

/** Asks who it is; and, where the account has one, for the second factor. */
export class LoginForm {
  private readonly session: Session;
  private readonly screen = byId('login');
  private readonly form = byId<HTMLFormElement>('login-form');
  private readonly first = byId('login-first');
  private readonly second = byId('login-second');
  private readonly email = byId<HTMLInputElement>('email');
  private readonly password = byId<HTMLInputElement>('password');
  private readonly code = byId<HTMLInputElement>('code');
  private readonly fault = byId('login-fault');
  private readonly button = byId<HTMLButtonElement>('login-button');

  constructor(session: Session) {
    this.session = session;
    this.form.addEventListener('submit', event => {
      event.preventDefault();
      void this.submit();
    });
    byId('login-back').addEventListener('click', () => this.ask(false));
  }

  open(reason = ''): void {
    this.screen.hidden = false;
    this.fault.textContent = reason;
    this.ask(false);
  }

  close(): void {
    this.screen.hidden = true;
    this.form.reset();
    this.fault.textContent = '';
  }

  private ask(secondFactor: boolean): void {
    this.first.hidden = secondFactor;
    this.second.hidden = !secondFactor;
    this.code.required = secondFactor;
    this.email.required = this.password.required = !secondFactor;
    (secondFactor ? this.code : this.email).focus();
  }

  private async submit(): Promise<void> {
    this.button.disabled = true;
    this.fault.textContent = '';
    try {
      const signedIn = this.second.hidden
        ? await this.session.login(this.email.value.trim(), this.password.value)
        : await this.session.secondFactor(this.code.value.trim());
      if (!signedIn) {
        this.ask(true);
      }
    } catch (fault) {
      this.fault.textContent = this.explain(fault);
      // A challenge that was refused or has expired asks for a new login.
      if (!this.second.hidden && fault instanceof Problem && fault.status === 400) {
        this.ask(false);
      }

      (this.second.hidden ? this.password : this.code).select();
    } finally {
      this.button.disabled = false;
    }
  }

  private explain(fault: unknown): string {
    const isFirst = this.second.hidden;
    return fault instanceof Problem && fault.status === 401 ? t(isFirst ? 'loginRefused' : 'codeRefused')
      : fault instanceof Problem && fault.fields.includes('challenge') ? t('loginExpired')
      : wordsOf(fault);
  }
}
