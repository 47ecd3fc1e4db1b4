import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Vehicle } from '../src/api/types.ts';
import { signalOf } from '../src/list/signal.ts';

const now = Date.parse('2026-12-01T10:00:00Z');
const ago = (seconds: number) => new Date(now - seconds * 1_000).toISOString();
const van = (more: Partial<Vehicle>, placedAt?: string) => ({
  vehicle: { id: '1', version: 1, licensePlate: 'V-1', operationalStatus: 'driving', freshness: 'live', ...more } as Vehicle, placedAt,
});
const at51 = { latitude: 52, longitude: 5, speedKmh: 51.4 };

test('a van that drives tells its speed; one that was seen long ago its last speed with its age, never that all is well', () => {
  assert.equal(signalOf(van({ currentLocation: at51, lastLocationUpdate: ago(5) }, ago(5)), now), '51 km/h');
  assert.equal(signalOf(van({ currentLocation: at51, lastLocationUpdate: ago(200) }, ago(200)), now), '51 km/h · 3 min');
});

test('the age of a speed is that of its own fix, also where a later one is known of', () => {
  assert.equal(signalOf(van({ currentLocation: at51, lastLocationUpdate: ago(5) }, ago(200)), now), '51 km/h · 3 min');
});

test('one that stands, or is not heard of, tells no speed', () => {
  assert.equal(signalOf(van({ operationalStatus: 'parked', currentLocation: at51, lastLocationUpdate: ago(5) }, ago(5)), now), 'Recent');
  assert.equal(signalOf(van({ freshness: 'stale', currentLocation: at51, lastLocationUpdate: ago(200) }, ago(200)), now), '3 min ago');
  assert.equal(signalOf(van({ freshness: 'unknown' }), now), 'No signal yet');
});
