import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Vehicle } from '../src/api/types.ts';
import { Fleet } from '../src/fleet/fleet.ts';
import { Silence } from '../src/fleet/silence.ts';

const limits = { staleAfter: 60_000, offlineAfter: 900_000 };
const since = Date.parse('2026-12-01T10:00:00Z');
const second = 1_000;

const fleetOf = (...vehicles: Partial<Vehicle>[]) => {
  const fleet = new Fleet(() => 0);
  fleet.replaceAll(vehicles.map((more, i): Vehicle => ({
    id: String(i), version: 1, licensePlate: `V-${i}`, operationalStatus: 'parked', freshness: 'live', ...more,
  })));
  return fleet;
};
const freshnessIn = (fleet: Fleet) => [...fleet.vans.values()].map(van => van.vehicle.freshness);
const at = (seconds: number) => new Date(since + seconds * second).toISOString();

test('vans grow old while the server is silent, each by its own last fix', () => {
  const fleet = fleetOf({ lastLocationUpdate: at(-5) }, { lastLocationUpdate: at(-50) }, { freshness: 'unknown' });
  const silence = new Silence(fleet, limits);
  silence.begin(since);

  silence.age(since + 9 * second);
  assert.deepEqual(freshnessIn(fleet), ['live', 'live', 'unknown']);
  silence.age(since + 11 * second);
  assert.deepEqual(freshnessIn(fleet), ['live', 'stale', 'unknown']);
  silence.age(since + 1_000 * second);
  assert.deepEqual(freshnessIn(fleet), ['offline', 'offline', 'unknown']);
});

test('a van out of sight is as old as the server’s last word of it, not as the last fix that came here', () => {
  const fleet = fleetOf({ lastLocationUpdate: at(-3_600) }, { freshness: 'stale', lastLocationUpdate: at(-3_600) });
  const silence = new Silence(fleet, limits);
  silence.begin(since);

  silence.age(since + 59 * second);
  assert.deepEqual(freshnessIn(fleet), ['live', 'stale']);
  silence.age(since + 61 * second);
  assert.deepEqual(freshnessIn(fleet), ['stale', 'stale']);
  silence.age(since + 841 * second);
  assert.deepEqual(freshnessIn(fleet), ['stale', 'offline']);
});

test('when the server speaks again, its words count: also of vans that it says nothing new of', () => {
  const fleet = fleetOf({ lastLocationUpdate: at(-5) });
  const silence = new Silence(fleet, limits);
  silence.begin(since);
  silence.age(since + 1_000 * second);

  silence.end();
  assert.deepEqual(freshnessIn(fleet), ['live']);
  silence.age(since + 2_000 * second);
  assert.deepEqual(freshnessIn(fleet), ['live']);
});

test('a silence begins once, however often the connection is tried', () => {
  const fleet = fleetOf({ lastLocationUpdate: at(-5) });
  const silence = new Silence(fleet, limits);
  silence.begin(since);
  silence.age(since + 1_000 * second);
  silence.begin(since);
  silence.end();

  assert.deepEqual(freshnessIn(fleet), ['live']);
});
