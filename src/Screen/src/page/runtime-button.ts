import type { Session } from '../login/session.ts';
import { byId } from './dom.ts';

/** Opens the runtime's dashboard, for those who may see it. It is opened by its address, so it gets a cookie of its own first. */
export class RuntimeButton {
  private readonly session: Session;
  private readonly button = byId<HTMLButtonElement>('runtime');

  constructor(session: Session) {
    this.session = session;
    this.button.addEventListener('click', () => void this.open());
  }

  write(): void {
    this.button.hidden = !this.session.may('system.dashboard');
  }

  private async open(): Promise<void> {
    // A window that is opened later than the click would be held back.
    const opened = window.open('about:blank');
    const answer = await this.session.token()
      .then(token => fetch('/api/auth/dashboard', { method: 'POST', headers: { authorization: `Bearer ${token}` } }))
      .catch(() => undefined);
    if (opened && answer?.ok) {
      opened.location = '/dashboard/';
    } else {
      opened?.close();
    }
  }
}
