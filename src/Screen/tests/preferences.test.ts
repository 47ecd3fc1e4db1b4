import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '../src/api/problem.ts';
import { nothingSet, Preferences, raised, withFold, withoutView, withView, type Settings } from '../src/preferences/preferences.ts';

const view = (name: string, address = '#/dag', isShared = false) => ({ name, address, isShared });

/** A server that keeps one row, as the real one does. */
class Server {
  row: Settings & { version: number } = { ...nothingSet, version: 0 };
  puts = 0;
  refuse: Problem | undefined;

  async get<T>(path: string): Promise<T> {
    return (path.endsWith('shared-views') ? { items: [{ owner: 'Sanne', name: 'Spoed', address: '#/orders' }] } : this.row) as T;
  }

  async put<T>(_path: string, body: unknown, version?: number): Promise<T> {
    this.puts++;
    if (this.refuse) {
      throw this.refuse;
    }

    if (version !== this.row.version) {
      throw new Problem(412, 'stale', { type: '/problems/stale-version' });
    }

    this.row = { ...(body as Settings), version: this.row.version + 1 };
    return this.row as T;
  }
}

test('what is changed is shown at once and kept, one change after the other', async () => {
  const server = new Server();
  const preferences = new Preferences(server);
  await preferences.load();
  assert.equal(preferences.shared[0]!.owner, 'Sanne');

  const first = preferences.change(settings => withView(settings, view('A')));
  const second = preferences.change(settings => withView(settings, view('B')));
  assert.deepEqual(preferences.settings.views.map(({ name }) => name), ['A', 'B']);
  await Promise.all([first, second]);

  assert.deepEqual([server.row.version, server.row.views.map(({ name }) => name)], [2, ['A', 'B']]);
  assert.deepEqual(preferences.settings.views, server.row.views);
});

test('what another window changed in the meantime stays', async () => {
  const server = new Server();
  const preferences = new Preferences(server);
  await preferences.load();
  server.row = { views: [view('Theirs')], folds: [], sound: 'low', version: 7 };

  await preferences.change(settings => withView(settings, view('Mine')));

  assert.deepEqual([server.row.views.map(({ name }) => name), server.row.sound], [['Theirs', 'Mine'], 'low']);
  assert.equal(server.puts, 2);
});

test('what the server refuses is taken back, and the next change goes on', async () => {
  const server = new Server();
  const preferences = new Preferences(server);
  await preferences.load();
  server.refuse = new Problem(400, 'no', { type: '/problems/validation' });

  await assert.rejects(preferences.change(settings => withView(settings, view('Never'))));
  assert.deepEqual(preferences.settings.views, []);
  server.refuse = undefined;
  await preferences.change(settings => withFold(settings, 'history', false));

  assert.deepEqual([server.row.views, server.row.folds], [[], [{ section: 'history', isOpen: false }]]);
});

test('a view of the same name takes the place of the one before, and can be raised and removed', () => {
  const settings = ['A', 'B', 'C'].reduce((all, name) => withView(all, view(name)), nothingSet);

  const other = withView(settings, view('b', '#/kaart'));
  assert.deepEqual(other.views.map(({ name, address }) => [name, address]), [['A', '#/dag'], ['b', '#/kaart'], ['C', '#/dag']]);
  assert.deepEqual(raised(settings, 'C').views.map(({ name }) => name), ['A', 'C', 'B']);
  assert.deepEqual(raised(settings, 'A').views, settings.views);
  assert.deepEqual(withoutView(settings, 'B').views.map(({ name }) => name), ['A', 'C']);
});

test('a part that was folded twice is named once', () => {
  assert.deepEqual(withFold(withFold(nothingSet, 'trips', false), 'trips', true).folds, [{ section: 'trips', isOpen: true }]);
});

/** A server whose answers to the first questions come when the test says so. */
class Late extends Server {
  readonly answers: ((fault?: Error) => void)[] = [];

  override async get<T>(path: string): Promise<T> {
    const answer = await super.get<T>(path);
    await new Promise<void>((resolve, reject) => this.answers.push(fault => (fault ? reject(fault) : resolve())));
    return answer;
  }
}

test('an answer that comes late does not take back what was changed while it was waited for', async () => {
  const server = new Late();
  const preferences = new Preferences(server);
  const loading = preferences.load();
  await new Promise(setImmediate);
  await preferences.change(settings => withView(settings, view('A')));
  server.answers.forEach(answer => answer());
  await loading;
  assert.deepEqual(preferences.settings.views.map(({ name }) => name), ['A']);
  assert.equal(preferences.shared.length, 1);
});

test('what did not come is asked for again, what is there is not, and what was asked for somebody else is nobody’s', async () => {
  const server = new Late();
  const preferences = new Preferences(server);
  const first = preferences.load();
  await new Promise(setImmediate);
  server.answers.splice(0).forEach(answer => answer(new Error('busy')));
  await assert.rejects(first);
  const second = preferences.load();
  await new Promise(setImmediate);
  server.answers.splice(0).forEach(answer => answer());
  await second;
  await preferences.load();
  assert.deepEqual([preferences.shared.length, server.answers.length], [1, 0]);

  preferences.clear();
  const theirs = preferences.load();
  await new Promise(setImmediate);
  preferences.clear();
  server.answers.splice(0).forEach(answer => answer());
  await theirs;
  assert.equal(preferences.shared.length, 0);
});
