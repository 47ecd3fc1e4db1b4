import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../src/api/client.ts';
import type { Session } from '../src/login/session.ts';
import { Moment } from '../src/work/moment.ts';
import { WorkStore } from '../src/work/store.ts';
import type { Card, Desk } from '../src/work/types.ts';

const card = (id: string, part: Partial<Card> = {}): Card => ({
  id, version: 1, orderId: 'o', orderNumber: 'CC-1', orderStatus: 'planned', priorityLevel: 'normal', businessEntity: 'chargecars', visitType: 'service', status: 'scheduled',
  requiredSkills: [], rescheduleCount: 0, scheduledStart: '2026-12-01T10:00:00Z', scheduledEnd: '2026-12-01T11:00:00Z', ...part,
});
const crew = (teamId: string, vehicleId: string | null) => ({ teamId, name: teamId, vehicleId, members: [] });

/** A server that has one day, and remembers what it was asked. */
function serverOf(visits: readonly Card[]) {
  const asked: string[] = [];
  const day: Desk = {
    day: '2026-12-01', from: '2026-11-30T23:00:00Z', to: '2026-12-01T23:00:00Z', visits, crews: [crew('team', 'van'), crew('other', 'van'), crew('none', null)], hasMore: false,
  };
  const get = async (path: string) => {
    asked.push(path);
    return path.startsWith('/api/desk/visits') ? visits : day;
  };
  // A store looks at the clock of its own accord only while the page is there.
  Object.defineProperty(globalThis, 'window', { value: globalThis, configurable: true });
  const moment = new Moment();
  return { asked, moment, store: new WorkStore({ get } as unknown as Api, { may: () => true } as unknown as Session, moment) };
}

test('a van’s visits are found in the order of their times, and anew when something changed', async context => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const { store } = serverOf([card('b', { vehicleId: 'van', scheduledStart: '2026-12-01T12:00:00Z' }), card('a', { teamId: 'team' }), card('x', { vehicleId: 'elsewhere' }), card('c', { vehicleId: 'van', status: 'cancelled' })]);
  await store.load();
  assert.deepEqual(store.of('van').map(({ id }) => id), ['a', 'b']);
  assert.equal(store.nextOf('van')?.id, 'a');
  assert.deepEqual([store.crewOf({ teamId: null, vehicleId: 'van' })?.teamId, store.crewOf({ teamId: 'none', vehicleId: 'van' })?.teamId, store.crewOf({ vehicleId: null })], ['team', 'none', undefined]);

  store.foresee('a', { vehicleId: 'elsewhere', teamId: null });
  assert.deepEqual([store.of('van').map(({ id }) => id), store.of('elsewhere').map(({ id }) => id)], [['b'], ['a', 'x']]);
  store.clear();
  assert.deepEqual(store.of('van'), []);
});

test('while a moment of the past is looked at the work is that of then, and stands still', async context => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const { store, moment, asked } = serverOf([card('a')]);
  moment.put(Date.parse('2026-12-01T09:00:00Z'));
  store.turn();
  await store.load();
  store.follow({ sequence: 1, type: 'visit.updated', entityType: 'visit', entityId: 'a', at: '2026-12-01T12:00:00Z' });
  await store.one('elsewhere');
  assert.deepEqual(asked, ['/api/desk?day=2026-12-01&at=2026-12-01T09%3A00%3A00.000Z', '/api/desk/visits?ids=elsewhere&at=2026-12-01T09%3A00%3A00.000Z']);
  assert.ok(store.isToday);
});

test('a change that comes while the day is read is not lost to an answer of before', async context => {
  context.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
  const answers: ((value: unknown) => void)[] = [];
  const asked: string[] = [];
  const get = (path: string) => new Promise(resolve => {
    asked.push(path);
    answers.push(resolve);
  });
  Object.defineProperty(globalThis, 'window', { value: globalThis, configurable: true });
  const store = new WorkStore({ get } as unknown as Api, { may: () => true } as unknown as Session, new Moment());
  const changed = { sequence: 1, type: 'visit.updated', entityType: 'visit', entityId: 'a', at: '2026-12-01T12:00:00Z' } as const;
  const answer = async (value: unknown) => {
    answers.shift()!(value);
    await new Promise(setImmediate);
  };
  const day = (version: number): Desk => ({ day: '2026-12-01', from: '2026-11-30T23:00:00Z', to: '2026-12-01T23:00:00Z', visits: [card('a', { version })], crews: [], hasMore: false });

  void store.load();
  await answer(day(1));
  void store.load();
  store.follow(changed);
  context.mock.timers.tick(0);
  assert.equal(asked.length, 3);
  const ofTheDay = answers.shift()!;
  await answer([card('a', { version: 2 })]);
  assert.equal(store.cards.get('a')?.version, 2);
  ofTheDay(day(1));
  await new Promise(setImmediate);
  assert.equal(store.cards.get('a')?.version, 2);
  // It may have been read before the change, so it is asked for once more.
  context.mock.timers.tick(20);
  assert.equal(asked.length, 4);
});

test('the first change is asked for at once, and those that follow it closely together', async context => {
  context.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
  const { store, asked } = serverOf([card('a'), card('b'), card('c')]);
  await store.load();
  const follow = (id: string) => store.follow({ sequence: 1, type: 'visit.updated', entityType: 'visit', entityId: id, at: '2026-12-01T12:00:00Z' });
  follow('a');
  context.mock.timers.tick(0);
  follow('b');
  follow('c');
  context.mock.timers.tick(19);
  assert.deepEqual(asked.slice(1), ['/api/desk/visits?ids=a']);
  context.mock.timers.tick(1);
  assert.deepEqual(asked.slice(1), ['/api/desk/visits?ids=a', '/api/desk/visits?ids=b,c']);
});
