import { Problem } from '../api/problem.ts';
import { serverTime, setClock } from '../page/server-clock.ts';
import { Signal } from '../page/signal.ts';

export interface User {
  readonly name: string;
  readonly email?: string | null;
  readonly permissions: readonly string[];
}

interface Tokens {
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly refreshToken?: string | null;
  readonly user: User;
}

type LoginAnswer = Tokens | { readonly twoFactorRequired: true; readonly challenge: string };

const key = 'chargecars.session';
const margin = 60_000;
/** What says that a refresh token is none any more; anything else may pass. */
const refusals: ReadonlySet<number> = new Set([400, 401, 403]);

/**
 * Who is signed in. The tokens live as long as the tab: in memory, and in its sessionStorage so that a reload does not
 * sign out. No other tab, and no script but the page's own (see its Content-Security-Policy), can read them.
 */
export class Session {
  readonly began = new Signal<User>();
  readonly ended = new Signal<'left' | 'ended'>();

  private tokens: Tokens | undefined = stored();
  private challenge: string | undefined;
  private renewing: Promise<boolean> | undefined;

  get user(): User | undefined {
    return this.tokens?.user;
  }

  may(permission: string): boolean {
    return this.tokens?.user.permissions.includes(permission) ?? false;
  }

  /** Goes on with the session of before the reload, if there is one. */
  resume(): boolean {
    if (this.tokens) {
      this.began.emit(this.tokens.user);
    }

    return this.tokens !== undefined;
  }

  /** True when signed in, false when a second factor is asked for. */
  async login(email: string, password: string): Promise<boolean> {
    return this.take(await call<LoginAnswer>('/api/auth/login', { email, password }));
  }

  async secondFactor(code: string): Promise<boolean> {
    return this.take(await call<LoginAnswer>('/api/auth/two-factor', { challenge: this.challenge, code }));
  }

  /** The access token, renewed shortly before it expires. Fails when it has expired and the server does not answer. */
  async token(): Promise<string> {
    const left = this.tokens ? Date.parse(this.tokens.expiresAt) - serverTime() : margin;
    if (left < margin && this.tokens?.refreshToken) {
      await this.renew().catch((fault: unknown) => {
        // Till its last moment the old one counts.
        if (left <= 0) {
          throw fault;
        }
      });
    }

    return this.tokens?.accessToken ?? '';
  }

  /** A new access token for the refresh token. False when it is refused one; fails when the server does not answer, or has no time. */
  renew(): Promise<boolean> {
    this.renewing ??= this.renewOnce().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  /** Whether the server refuses this session; a server that does not answer, or has no time, refuses nothing. */
  async isOver(): Promise<boolean> {
    try {
      const answer = await fetch('/api/auth/me', { headers: { authorization: `Bearer ${await this.token()}` } });
      return answer.status === 401 && !(await this.renew());
    } catch {
      return false;
    }
  }

  leave(): void {
    const token = this.tokens?.accessToken;
    void fetch('/api/auth/logout', { method: 'POST', headers: { authorization: `Bearer ${token}` }, keepalive: true }).catch(() => undefined);
    this.end('left');
  }

  end(how: 'left' | 'ended'): void {
    if (this.tokens) {
      this.keep(undefined);
      this.ended.emit(how);
    }
  }

  private take(answer: LoginAnswer): boolean {
    if ('twoFactorRequired' in answer) {
      this.challenge = answer.challenge;
      return false;
    }

    this.challenge = undefined;
    this.keep(answer);
    this.began.emit(answer.user);
    return true;
  }

  private async renewOnce(): Promise<boolean> {
    const before = this.tokens;
    if (!before?.refreshToken) {
      return false;
    }

    try {
      const answer = await call<Partial<Tokens>>('/api/auth/refresh', { refreshToken: before.refreshToken });
      if (this.tokens !== before) {
        return false;
      }

      this.keep({ ...before, ...answer });
      return true;
    } catch (fault) {
      if (fault instanceof Problem && refusals.has(fault.status)) {
        return false;
      }

      throw fault;
    }
  }

  private keep(tokens: Tokens | undefined): void {
    this.tokens = tokens;
    try {
      if (tokens) {
        sessionStorage.setItem(key, JSON.stringify(tokens));
      } else {
        sessionStorage.removeItem(key);
      }
    } catch {
      // Storage may be switched off: the session then ends with the page.
    }
  }
}

function stored(): Tokens | undefined {
  try {
    const text = sessionStorage.getItem(key);
    return text ? (JSON.parse(text) as Tokens) : undefined;
  } catch {
    return undefined;
  }
}

async function call<T>(path: string, body: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  } catch (fault) {
    throw new Problem(0, String(fault));
  }

  setClock(response);
  if (!response.ok) {
    throw await Problem.of(response);
  }

  return (await response.json()) as T;
}
