import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change } from '../src/api/types.ts';
import { isQuiet, needsSomebody } from '../src/events/describe.ts';

const freshness = (from: string, to: string) =>
  ({ sequence: 1, at: '2026-01-05T12:00:00Z', type: 'vehicle.freshness_changed', entityType: 'vehicle', entityId: 'v', data: { from, to } }) as unknown as Change;

test('a signal that is late and comes back is no event; one that is lost, or found again, is', () => {
  assert.deepEqual([freshness('live', 'stale'), freshness('stale', 'live')].map(isQuiet), [true, true]);
  assert.deepEqual([freshness('stale', 'offline'), freshness('offline', 'live'), freshness('unknown', 'live')].map(isQuiet), [false, false, false]);
  assert.deepEqual([freshness('stale', 'offline'), freshness('offline', 'live')].map(needsSomebody), [true, false]);
});
