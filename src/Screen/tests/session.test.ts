import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Session } from '../src/login/session.ts';

const user = { name: 'Sanne', permissions: [] };
const kept = new Map<string, string>();
const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => kept.set(key, text), removeItem: (key: string) => kept.delete(key) };
Object.defineProperty(globalThis, 'sessionStorage', { value: storage, configurable: true });

/** A session whose access token lasts so many seconds more. */
const sessionOf = (seconds: number) => {
  const expiresAt = new Date(Date.now() + seconds * 1_000).toISOString();
  kept.set('chargecars.session', JSON.stringify({ accessToken: 'old', expiresAt, refreshToken: 'refresh', user }));
  return new Session();
};
const answer = (status: number, body: unknown = {}) => new Response(JSON.stringify(body), { status });
const away = () => Promise.reject(new TypeError('Failed to fetch'));
const server = (answers: Readonly<Record<string, () => Response | Promise<Response>>>) => {
  mock.method(globalThis, 'fetch', async (path: string) => answers[path]!());
};

beforeEach(() => mock.restoreAll());

test('a session whose token expired while the server was away is not over, and goes on when it is back', async () => {
  const session = sessionOf(-1);
  server({ '/api/auth/refresh': away, '/api/auth/me': away });
  await assert.rejects(session.token());
  assert.equal(await session.isOver(), false);

  const expiresAt = new Date(Date.now() + 900_000).toISOString();
  server({ '/api/auth/refresh': () => answer(200, { accessToken: 'new', expiresAt, refreshToken: 'next' }), '/api/auth/me': () => answer(200) });
  assert.equal(await session.isOver(), false);
  assert.equal(await session.token(), 'new');
});

test('a server that has no time to renew has not refused', async () => {
  for (const status of [429, 500, 503]) {
    const session = sessionOf(-1);
    server({ '/api/auth/refresh': () => answer(status), '/api/auth/me': () => answer(401) });
    assert.equal(await session.isOver(), false, String(status));
  }
});

test('a session whose renewal is refused is over', async () => {
  for (const status of [401, 403]) {
    const session = sessionOf(-1);
    server({ '/api/auth/refresh': () => answer(status), '/api/auth/me': () => answer(401) });
    assert.equal(await session.isOver(), true, String(status));
  }
});

test('a token counts till its last moment, when it could not be renewed before', async () => {
  const session = sessionOf(30);
  server({ '/api/auth/refresh': away });
  assert.equal(await session.token(), 'old');
});
