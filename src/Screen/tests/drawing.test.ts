import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drawing } from '../src/page/drawing.ts';

/** A page on which a drawing takes so long, ms. */
function pageOf(cost: number) {
  let now = 0;
  const [frames, waits, drawn] = [[] as (() => void)[], [] as { readonly at: number; readonly run: () => void }[], [] as number[]];
  const drawing = new Drawing(() => {
    drawn.push(now);
    now += cost;
  }, { now: () => now, frame: run => frames.push(run), wait: (run, ms) => waits.push({ at: now + ms, run }) });
  const pass = (ms: number) => {
    now += ms;
    waits.filter(({ at }) => at <= now).forEach(wait => {
      waits.splice(waits.indexOf(wait), 1);
      wait.run();
    });
    frames.splice(0).forEach(run => run());
  };
  return { drawing, drawn, pass };
}

test('a burst is one drawing, with the next frame', () => {
  const { drawing, drawn, pass } = pageOf(20);
  drawing.soon();
  drawing.soon();
  drawing.now();
  pass(16);
  assert.deepEqual(drawn, [16]);
});

test('a stream of changes leaves the page four times as long as a drawing took; what the reader asks for is there at once', () => {
  const { drawing, drawn, pass } = pageOf(20);
  for (let i = 0; i < 60; i++) {
    drawing.soon();
    pass(5);
  }

  assert.deepEqual(drawn.slice(0, 3), [5, 105, 205]);
  const before = drawn.length;
  drawing.now();
  pass(5);
  assert.equal(drawn.length, before + 1);
});

test('a drawing that takes very long is followed by the next after a tenth of a second', () => {
  const { drawing, drawn, pass } = pageOf(900);
  drawing.soon();
  pass(0);
  drawing.soon();
  pass(90);
  assert.equal(drawn.length, 1);
  pass(10);
  assert.equal(drawn.length, 2);
});
