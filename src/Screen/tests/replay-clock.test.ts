import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff } from '../src/connection/backoff.ts';
import { ReplayClock } from '../src/replay/replay-clock.ts';
import { pastOf } from '../src/replay/replay-day.ts';

test('the replay runs at its rate, stands when it is paused, and keeps its place when the rate changes', () => {
  let wall = 0;
  const clock = new ReplayClock(() => wall);
  clock.jump(1_000_000);
  clock.setRate(60);
  wall = 500;
  assert.equal(clock.now, 1_000_000);
  clock.run(true);
  wall = 1_500;
  assert.equal(clock.now, 1_060_000);
  clock.setRate(1);
  wall = 2_500;
  assert.equal(clock.now, 1_061_000);
  clock.run(false);
  wall = 9_000;
  assert.equal(clock.now, 1_061_000);
});

test('each attempt waits longer, up to a bound, and no two screens alike', () => {
  assert.ok(backoff(0, 1) < backoff(3, 1));
  assert.ok(backoff(50, 1) <= 10_000);
  assert.ok(backoff(50, 0) < backoff(50, 1));
});

test('the day of a moment ends now, or at its end', () => {
  process.env['TZ'] = 'Europe/Amsterdam';
  const now = Date.parse('2026-11-28T22:30:00Z');
  assert.deepEqual(pastOf(now - 60_000, now), [Date.parse('2026-11-27T23:00:00Z'), now]);
  assert.deepEqual(pastOf(Date.parse('2026-11-27T12:00:00Z'), now), [Date.parse('2026-11-26T23:00:00Z'), Date.parse('2026-11-27T23:00:00Z')]);
});
