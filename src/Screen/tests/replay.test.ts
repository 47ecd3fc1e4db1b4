import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import type { Api } from '../src/api/client.ts';
import { Problem } from '../src/api/problem.ts';
import type { Vehicle } from '../src/api/types.ts';
import { Fleet } from '../src/fleet/fleet.ts';
import { freshnessOf } from '../src/fleet/freshness.ts';
import { t } from '../src/i18n/language.ts';
import { Replay } from '../src/replay/replay.ts';

const monday = Date.parse('2026-01-05T10:00:00Z');
const limits = { staleAfter: 60_000, offlineAfter: 600_000 };
const van = (id: string, lastLocationUpdate: string, freshness: Vehicle['freshness']): Vehicle => ({
  id, version: 1, licensePlate: id, operationalStatus: 'parked', freshness, currentLocation: { latitude: 52, longitude: 5 }, lastLocationUpdate,
});

/** The fleet of a Monday: one van was last heard of on Saturday, the other up to five seconds ago, and once more in fifteen minutes. */
const answers: Readonly<Record<string, unknown>> = {
  '/api/fleet': { items: [van('saturday', '2026-01-03T18:00:00Z', 'offline'), van('heard', '2026-01-05T09:59:55.123Z', 'live')] },
  '/api/fleet/track': {
    from: '2026-01-05T10:00:00Z', stepSeconds: 24, items: [
      { vehicleId: 'heard', points: [[870, 52, 5.01, 50, 90]], statuses: [] },
      { vehicleId: 'saturday', points: [], statuses: [{ at: '2026-01-05T10:05:00Z', operationalStatus: 'maintenance' }] },
    ],
  },
};
const api = { get: async (path: string) => answers[path.split('?')[0]!] } as unknown as Api;
let wall = 0;

before(() => {
  mock.timers.enable({ apis: ['setInterval'] });
  mock.method(performance, 'now', () => wall);
  Object.defineProperty(globalThis, 'window', { value: globalThis, configurable: true });
});
after(() => mock.restoreAll());

/** Lets so many seconds of the replay pass. */
const pass = async (seconds: number) => {
  wall += (seconds * 1_000) / 60;
  mock.timers.tick(200);
  await new Promise(setImmediate);
};

test('a replay ages the vans by its own clock, and tells what a silent van did', async () => {
  const fleet = new Fleet(() => wall / 1_000);
  const replay = new Replay(api, fleet, new Fleet(() => 0), limits);
  const of = (id: string) => fleet.vans.get(id)!.vehicle;
  const told: string[] = [];
  replay.setRate(60);
  replay.open(monday);
  await new Promise(setImmediate);
  fleet.changed.on(({ id }) => told.push(id));
  replay.play(true);
  await pass(0);
  await pass(30);
  assert.deepEqual([of('saturday').freshness, of('heard').freshness, told], ['offline', 'live', []]);

  await pass(30);
  assert.deepEqual([of('heard').freshness, told], ['stale', ['heard']]);
  assert.equal(of('saturday').operationalStatus, 'parked');
  await pass(250);
  assert.equal(of('saturday').operationalStatus, 'maintenance');
  await pass(300);
  assert.equal(of('heard').freshness, 'offline');
  await pass(265);
  assert.deepEqual([of('heard').freshness, of('heard').currentLocation!.longitude], ['live', 5.01]);
  replay.close();
});

test('a moment whose positions are gone is refused in the reader’s language', async () => {
  const detail = 'must not be more than 365 days ago: positions are not kept longer';
  const refusing = {
    get: () => Promise.reject(new Problem(400, detail, { type: '/problems/validation', errors: { at: [detail] } })),
  } as unknown as Api;
  const replay = new Replay(refusing, new Fleet(() => 0), new Fleet(() => 0), limits);
  const faults: string[] = [];
  replay.fault.on(text => faults.push(text));
  replay.open(monday);
  await new Promise(setImmediate);
  assert.deepEqual(faults, [t('replayFault', { fault: t('replayGone') })]);
  replay.close();
});

test('freshness is what the server says of an age', () => {
  assert.deepEqual([0, 59_999, 60_000, 599_999, 600_000].map(age => freshnessOf(1_000, 1_000 + age, limits)), ['live', 'live', 'stale', 'stale', 'offline']);
});
