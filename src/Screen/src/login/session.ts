import { Problem } from '../api/problem.ts';
import { setClock } from '../page/server-clock.ts';
import { Signal } from '../page/signal.ts';
import { leftOf, storedTokens, storeTokens, type Tokens, type User } from './tokens.ts';
import type { Ending, Windows } from './windows.ts';

type LoginAnswer = Tokens | { readonly twoFactorRequired: true; readonly challenge: string };

const margin = 60_000;
/** What says that a refresh token is none any more; anything else may pass. */
const refusals: ReadonlySet<number> = new Set([400, 401, 403]);

/**
 * Who is signed in, in this window and in the others of this browser. The tokens are in memory, and in each window's sessionStorage,
 * so that a reload does not sign out; they are gone with the last window. No script but the page's own can read them
 * (see its Content-Security-Policy).
 */
export class Session {
  readonly began = new Signal<User>();
  readonly ended = new Signal<Ending>();

  /** The how manieth session this is: what was asked for in one is no answer for the next. */
  round = 0;

  private readonly windows: Windows;
  private tokens: Tokens | undefined;
  private challenge: string | undefined;
  private renewing: Promise<boolean> | undefined;

  constructor(windows: Windows) {
    this.windows = windows;
    windows.tokens.on(tokens => this.follow(tokens));
    windows.ended.on(how => this.close(how));
  }

  get user(): User | undefined {
    return this.tokens?.user;
  }

  may(permission: string): boolean {
    return this.tokens?.user.permissions.includes(permission) ?? false;
  }

  /** Goes on with the session of before the reload, or with that of another window; false where there is none. */
  async resume(): Promise<boolean> {
    const tokens = storedTokens() ?? (await this.windows.ask());
    if (tokens && !this.tokens) {
      this.begin(tokens);
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
    const left = this.tokens ? leftOf(this.tokens) : margin;
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
    const before = this.tokens;
    this.renewing ??= this.windows.alone(() => this.renewOnce(before)).finally(() => (this.renewing = undefined));
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

  end(how: Ending): void {
    if (this.tokens) {
      this.windows.end(how);
      this.close(how);
    }
  }

  private take(answer: LoginAnswer): boolean {
    if ('twoFactorRequired' in answer) {
      this.challenge = answer.challenge;
      return false;
    }

    this.challenge = undefined;
    this.begin(answer);
    return true;
  }

  private begin(tokens: Tokens): void {
    this.keep(tokens);
    this.windows.tell();
    this.began.emit(tokens.user);
  }

  /** Another window signed in, or has newer tokens than this one. */
  private follow(tokens: Tokens): void {
    if (!this.tokens) {
      this.keep(tokens);
      this.began.emit(tokens.user);
    } else if (leftOf(tokens) > leftOf(this.tokens)) {
      this.keep(tokens);
    }
  }

  /** @param before The tokens that were found too old: another window may have renewed them since. */
  private async renewOnce(before: Tokens | undefined): Promise<boolean> {
    // A window that slept has tokens of long ago, and the server takes who uses them for a thief.
    await this.windows.ask();
    if (this.tokens && this.tokens !== before) {
      return true;
    }

    if (!before?.refreshToken) {
      return false;
    }

    try {
      const answer = await call<Partial<Tokens>>('/api/auth/refresh', { refreshToken: before.refreshToken });
      if (this.tokens !== before) {
        return false;
      }

      this.keep({ ...before, ...answer });
      this.windows.tell();
      return true;
    } catch (fault) {
      if (fault instanceof Problem && refusals.has(fault.status)) {
        return false;
      }

      throw fault;
    }
  }

  private close(how: Ending): void {
    if (this.tokens) {
      this.tokens = undefined;
      this.round++;
      storeTokens(undefined);
      this.ended.emit(how);
    }
  }

  private keep(tokens: Tokens): void {
    this.tokens = tokens;
    storeTokens(tokens);
    this.windows.hold(tokens);
  }
}

async function call<T>(path: string, body: unknown): Promise<T> {
  const asked = Date.now();
  let response: Response;
  try {
    response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  } catch (fault) {
    throw new Problem(0, String(fault));
  }

  setClock(response, asked);
  if (!response.ok) {
    throw await Problem.of(response);
  }

  return (await response.json()) as T;
}
