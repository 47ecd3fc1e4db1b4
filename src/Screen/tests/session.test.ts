import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Session } from '../src/login/session.ts';
import type { Tokens } from '../src/login/tokens.ts';
import type { Ending, Windows } from '../src/login/windows.ts';
import { Signal } from '../src/page/signal.ts';

const user = { name: 'Sanne', permissions: [] };
const kept = new Map<string, string>();
const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => kept.set(key, text), removeItem: (key: string) => kept.delete(key) };
Object.defineProperty(globalThis, 'sessionStorage', { value: storage, configurable: true });

/** The windows of a browser, as each of them sees the others. */
class Browser {
  private readonly all: Window[] = [];
  private turn: Promise<unknown> = Promise.resolve();

  open(): Window {
    const window = new Window(this, this.all);
    this.all.push(window);
    return window;
  }

  alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }
}

class Window implements Windows {
  readonly tokens = new Signal<Tokens>();
  readonly ended = new Signal<Ending>();
  isAsleep = false;
  private readonly browser: Browser;
  private readonly all: readonly Window[];
  private mine: Tokens | undefined;

  constructor(browser: Browser, all: readonly Window[]) {
    this.browser = browser;
    this.all = all;
  }

  private get others(): Window[] {
    return this.all.filter(window => window !== this && !window.isAsleep);
  }

  async ask(): Promise<Tokens | undefined> {
    const held = this.others.flatMap(window => window.mine ?? []);
    held.forEach(tokens => this.tokens.emit(tokens));
    return held[0];
  }

  hold(tokens: Tokens): void {
    this.mine = tokens;
  }

  tell(): void {
    this.others.forEach(window => window.tokens.emit(this.mine!));
  }

  end(how: Ending): void {
    this.mine = undefined;
    this.others.forEach(window => {
      window.mine = undefined;
      window.ended.emit(how);
    });
  }

  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.browser.alone(work);
  }
}

/** A session whose access token lasts so many seconds more. */
const sessionOf = async (seconds: number, window = new Browser().open()) => {
  const expiresAt = new Date(Date.now() + seconds * 1_000).toISOString();
  kept.set('chargecars.session', JSON.stringify({ accessToken: 'old', expiresAt, refreshToken: 'refresh', user }));
  const session = new Session(window);
  assert.equal(await session.resume(), true);
  return session;
};
/** A window that was opened beside, and not loaded anew. */
const beside = (window: Window) => {
  kept.clear();
  return new Session(window);
};
/** A server that renews, once for each refresh token. */
const renewing = () => {
  const used: string[] = [];
  mock.method(globalThis, 'fetch', async (path: string, { body }: { body?: string } = {}) => {
    if (path !== '/api/auth/refresh') {
      return answer(200);
    }

    const { refreshToken } = JSON.parse(body!) as { refreshToken: string };
    assert.ok(!used.includes(refreshToken), `${refreshToken} comes again.`);
    used.push(refreshToken);
    const n = used.length;
    return answer(200, { accessToken: `new ${n}`, refreshToken: `next ${n}`, expiresAt: new Date(Date.now() + 900_000).toISOString() });
  });
  return used;
};
const answer = (status: number, body: unknown = {}) => new Response(JSON.stringify(body), { status });
const away = () => Promise.reject(new TypeError('Failed to fetch'));
const server = (answers: Readonly<Record<string, () => Response | Promise<Response>>>) => {
  mock.method(globalThis, 'fetch', async (path: string) => answers[path]!());
};

beforeEach(() => mock.restoreAll());

test('a session whose token expired while the server was away is not over, and goes on when it is back', async () => {
  const session = await sessionOf(-1);
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
    const session = await sessionOf(-1);
    server({ '/api/auth/refresh': () => answer(status), '/api/auth/me': () => answer(401) });
    assert.equal(await session.isOver(), false, String(status));
  }
});

test('a session whose renewal is refused is over', async () => {
  for (const status of [401, 403]) {
    const session = await sessionOf(-1);
    server({ '/api/auth/refresh': () => answer(status), '/api/auth/me': () => answer(401) });
    assert.equal(await session.isOver(), true, String(status));
  }
});

test('a token counts till its last moment, when it could not be renewed before', async () => {
  const session = await sessionOf(30);
  server({ '/api/auth/refresh': away });
  assert.equal(await session.token(), 'old');
});

test('a window that is opened beside has the session, and one that signs out signs out all', async () => {
  const browser = new Browser();
  const first = await sessionOf(900, browser.open());
  const second = beside(browser.open());
  assert.equal(await second.resume(), true);
  assert.equal(await second.token(), 'old');

  const endings: string[] = [];
  first.ended.on(how => endings.push(how));
  server({ '/api/auth/logout': () => answer(204) });
  second.leave();
  assert.deepEqual(endings, ['left']);
  assert.equal(await beside(browser.open()).resume(), false);
});

test('a window that waits for a password goes on when another one signs in', async () => {
  const browser = new Browser();
  const [first, second] = [beside(browser.open()), beside(browser.open())];
  assert.equal(await second.resume(), false);
  const names: string[] = [];
  second.began.on(({ name }) => names.push(name));

  server({ '/api/auth/login': () => answer(200, { accessToken: 'a', refreshToken: 'r', expiresAt: new Date(Date.now() + 900_000).toISOString(), user }) });
  await first.login('sanne@example.nl', 'x');
  assert.deepEqual(names, ['Sanne']);
});

test('two windows whose token ends renew it once', async () => {
  const browser = new Browser();
  const first = await sessionOf(5, browser.open());
  const second = beside(browser.open());
  await second.resume();
  const used = renewing();

  assert.deepEqual(await Promise.all([first.token(), second.token()]), ['new 1', 'new 1']);
  assert.deepEqual(used, ['refresh']);
});

test('a window that slept through renewals takes the newest tokens, and does not use its own of long ago', async () => {
  const browser = new Browser();
  const sleeper = browser.open();
  const second = await sessionOf(5, sleeper);
  sleeper.isAsleep = true;
  const first = await sessionOf(5, browser.open());
  const used = renewing();
  await first.renew();
  await first.renew();
  sleeper.isAsleep = false;

  assert.equal(await second.token(), 'new 2');
  assert.deepEqual(used, ['refresh', 'next 1']);
});
