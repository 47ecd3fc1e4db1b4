import { Problem } from './problem.ts';
import type { Session } from '../login/session.ts';
import { setClock } from '../page/server-clock.ts';

/** The server's HTTP interface, as the signed-in person. */
export class Api {
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.send<T>(path, signal ? { signal } : {});
  }

  /**
   * A command: the key makes a repetition of it the same command, so that a lost answer is no second effect.
   * @param version What the reader saw: where somebody changed it in the meantime, the command is refused.
   */
  post<T>(path: string, body: unknown, key: string, version?: number): Promise<T> {
    return this.send<T>(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key, ...(version === undefined ? {} : { 'if-match': `"${version}"` }) },
      body: JSON.stringify(body),
    });
  }

  /** A question that is too long for an address: it changes nothing. */
  ask<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
    return this.send<T>(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), ...(signal ? { signal } : {}) });
  }

  put<T>(path: string, body: unknown, version?: number): Promise<T> {
    return this.send<T>(path, {
      method: 'PUT', headers: { 'content-type': 'application/json', ...(version === undefined ? {} : { 'if-match': `"${version}"` }) }, body: JSON.stringify(body),
    });
  }

  private async send<T>(path: string, request: RequestInit): Promise<T> {
    const { round } = this.session;
    let response = await this.once(path, request);
    if (response.status === 401 && round === this.session.round && (await this.session.renew())) {
      response = await this.once(path, request);
    }

    if (response.status === 401 && round === this.session.round) {
      this.session.end('ended');
    }

    if (!response.ok) {
      throw await Problem.of(response);
    }

    const answer = (response.status === 204 ? undefined : await response.json()) as T;
    if (round !== this.session.round) {
      // It is for the person who asked, who is signed in no more.
      throw new Problem(401, '', { type: 'unauthorized' });
    }

    return answer;
  }

  private async once(path: string, request: RequestInit): Promise<Response> {
    const headers = new Headers(request.headers);
    headers.set('authorization', `Bearer ${await this.session.token()}`);
    const asked = Date.now();
    try {
      const response = await fetch(path, { ...request, headers, cache: 'no-store' });
      setClock(response, asked);
      return response;
    } catch (fault) {
      throw request.signal?.aborted ? fault : new Problem(0, String(fault));
    }
  }
}
