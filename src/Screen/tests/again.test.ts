import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertStore } from '../src/alerts/store.ts';
import type { Api } from '../src/api/client.ts';
import { Problem } from '../src/api/problem.ts';
import type { Session } from '../src/login/session.ts';
import { Moment } from '../src/work/moment.ts';
import { WorkStore } from '../src/work/store.ts';
import type { Card } from '../src/work/types.ts';

const session = { may: () => true } as unknown as Session;
/** Longer than any repetition waits, ms. */
const longEnough = 10_001;
const settled = () => new Promise(resolve => setImmediate(resolve));
const card = (version: number): Card => ({
  id: 'a', version, orderId: 'o', orderNumber: 'CC-1', orderStatus: 'planned', priorityLevel: 'normal', businessEntity: 'chargecars', visitType: 'service', status: 'scheduled',
  requiredSkills: [], rescheduleCount: 0, scheduledStart: '2026-12-03T10:00:00Z', scheduledEnd: '2026-12-03T11:00:00Z',
});

/** A server that answers each question by the next of these; a number is a refusal of that status. */
function serverOf(...answers: (object | number)[]) {
  const asked: string[] = [];
  const get = async (path: string) => {
    asked.push(path);
    const answer = answers.shift();
    if (typeof answer === 'number') {
      throw new Problem(answer, '');
    }

    return answer;
  };
  Object.defineProperty(globalThis, 'window', { value: globalThis, configurable: true });
  return { asked, api: { get } as unknown as Api };
}

test('alerts that could not be read are asked for again, and those that are there stay', async context => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const items = [{ id: 'a', version: 1, alertType: 'visit_late', status: 'open', severity: 'high', raisedAt: '2026-12-01T10:00:00Z' }];
  const { api, asked } = serverOf(503, { items }, 429, 0, { items: [] });
  const store = new AlertStore(api, session);
  await store.load();
  assert.deepEqual([store.open.length, store.fault instanceof Problem], [0, true]);
  context.mock.timers.tick(longEnough);
  await settled();
  assert.deepEqual([store.open.length, store.fault], [1, undefined]);

  await store.load();
  assert.deepEqual([store.open.length, store.fault instanceof Problem], [1, true]);
  for (let i = 0; i < 2; i++) {
    context.mock.timers.tick(longEnough);
    await settled();
  }

  assert.deepEqual([store.open.length, store.fault, asked.length], [0, undefined, 5]);
  context.mock.timers.tick(longEnough);
  assert.equal(asked.length, 5);
});

test('what is refused for good, or was the person’s who has gone, is not asked for again', async context => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { api, asked } = serverOf(403, 503);
  const store = new AlertStore(api, session);
  await store.load();
  context.mock.timers.tick(longEnough);
  await store.load();
  store.clear();
  context.mock.timers.tick(longEnough);
  assert.equal(asked.length, 2);
});

test('a day that could not be read is asked for again, and so is a visit that changed on it', async context => {
  context.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] });
  const day = { day: '2026-12-03', from: '2026-12-02T23:00:00Z', to: '2026-12-03T23:00:00Z', visits: [card(1)], crews: [], hasMore: false };
  const { api, asked } = serverOf(503, day, 503, [card(2)]);
  const store = new WorkStore(api, session, new Moment());
  store.choose('2026-12-03');
  await settled();
  assert.equal(store.state, 'failed');
  context.mock.timers.tick(longEnough);
  await settled();
  assert.deepEqual([store.state, store.cards.get('a')?.version], ['ready', 1]);

  store.follow({ sequence: 1, type: 'visit.updated', entityType: 'visit', entityId: 'a', at: '2026-12-01T12:00:00Z' });
  context.mock.timers.tick(0);
  await settled();
  assert.equal(store.cards.get('a')?.version, 1);
  context.mock.timers.tick(longEnough);
  await settled();
  assert.equal(store.cards.get('a')?.version, 2);
  assert.deepEqual(asked.map(path => path.split('?')[0]), ['/api/desk', '/api/desk', '/api/desk/visits', '/api/desk/visits']);
});
