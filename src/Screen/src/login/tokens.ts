import { serverTime } from '../page/server-clock.ts';

export interface User {
  readonly name: string;
  readonly email?: string | null;
  /** The person as others name them; null of a program. */
  readonly contactId?: string | null;
  readonly permissions: readonly string[];
}

/** A session as the server gave it. */
export interface Tokens {
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly refreshToken?: string | null;
  readonly user: User;
}

/** How long an access token still counts, ms. */
export function leftOf({ expiresAt }: Tokens): number {
  return Date.parse(expiresAt) - serverTime();
}

const key = 'chargecars.session';

/** What this window had before it was loaded anew. */
export function storedTokens(): Tokens | undefined {
  try {
    const text = sessionStorage.getItem(key);
    return text ? (JSON.parse(text) as Tokens) : undefined;
  } catch {
    return undefined;
  }
}

export function storeTokens(tokens: Tokens | undefined): void {
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
