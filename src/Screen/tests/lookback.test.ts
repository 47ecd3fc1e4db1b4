import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lookback } from '../src/replay/lookback.ts';
import { Moment } from '../src/work/moment.ts';

/** A lookback whose clock the test moves, and whose answers it gives. */
function setUp() {
  let [now, ends] = [0, 0];
  const timers = new Map<number, { readonly at: number; readonly run: () => void }>();
  const asked: number[] = [];
  const marks: boolean[] = [];
  const answers: (() => void)[] = [];
  const moment = new Moment();
  const load = () => new Promise<void>(resolve => {
    asked.push(moment.time);
    answers.push(resolve);
  });
  const lookback = new Lookback(moment, load, isBehind => marks.push(isBehind), {
    now: () => now,
    wait: (run, ms) => {
      timers.set(++ends, { at: now + ms, run });
      return ends;
    },
    forget: timer => timers.delete(timer),
  });
  const pass = (ms: number) => {
    now += ms;
    for (const [id, { at, run }] of timers) {
      if (at <= now) {
        timers.delete(id);
        run();
      }
    }
  };
  return { lookback, asked, marks, pass, answer: async () => {
    answers.shift()!();
    await Promise.resolve().then(() => undefined).then(() => undefined);
  } };
}

test('moments that are passed over are not asked for, and the one that is rested on once', () => {
  const { lookback, asked, pass } = setUp();
  for (const at of [1_000, 2_000, 3_000]) {
    lookback.show(at, false);
    pass(100);
  }

  assert.deepEqual(asked, []);
  pass(60);
  lookback.show(3_000, false);
  pass(1_000);
  assert.deepEqual(asked, [3_000]);
});

test('a replay that runs asks from time to time, and not before it was answered', async () => {
  const { lookback, asked, pass, answer } = setUp();
  lookback.show(1_000, true);
  pass(1_000);
  lookback.show(11_000, true);
  pass(1_500);
  lookback.show(26_000, true);
  assert.deepEqual(asked, [1_000]);
  await answer();
  lookback.show(27_000, true);
  assert.deepEqual(asked, [1_000, 27_000]);
  await answer();
  pass(1_900);
  lookback.show(46_000, true);
  assert.deepEqual(asked, [1_000, 27_000]);
});

test('where it stops is asked for, also while an answer is waited for; and nothing once it is looked at no more', () => {
  const { lookback, asked, pass } = setUp();
  lookback.show(1_000, true);
  pass(500);
  lookback.show(6_000, false);
  pass(150);
  assert.deepEqual(asked, [1_000, 6_000]);
  lookback.show(7_000, false);
  lookback.show(undefined, false);
  pass(1_000);
  assert.deepEqual(asked, [1_000, 6_000]);
});

test('a moment asks the server for what stood then, and now for nothing more', () => {
  const moment = new Moment();
  assert.equal(moment.query, '');
  moment.put(Date.UTC(2026, 10, 30, 9, 15, 0, 250));
  assert.equal(moment.query, '&at=2026-11-30T09%3A15%3A00.250Z');
  assert.ok(moment.isPast);
  moment.put(undefined);
  assert.ok(!moment.isPast);
});

test('what is shown is marked as soon as another moment is wanted, until the answer of that one and no other is there', async () => {
  const { lookback, asked, marks, pass, answer } = setUp();
  lookback.show(1_000, false);
  assert.deepEqual(marks, [true]);
  pass(150);
  lookback.show(2_000, false);
  // The answer of the first comes late.
  await answer();
  assert.deepEqual(marks, [true]);
  pass(150);
  assert.deepEqual(asked, [1_000, 2_000]);
  await answer();
  assert.deepEqual(marks, [true, false]);
});

test('a replay that runs marks what it waits for, and nothing is marked once it is looked at no more', async () => {
  const { lookback, marks, pass, answer } = setUp();
  lookback.show(1_000, true);
  await answer();
  assert.deepEqual(marks, [true, false]);
  lookback.show(2_000, true);
  assert.deepEqual(marks, [true, false]);
  pass(2_000);
  lookback.show(3_000, true);
  lookback.show(undefined, false);
  assert.deepEqual(marks, [true, false, true, false]);
  await answer();
  lookback.show(4_000, false);
  assert.deepEqual(marks, [true, false, true, false, true]);
});
