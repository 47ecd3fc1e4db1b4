import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverTime, setClock } from '../src/page/server-clock.ts';

const noon = Date.parse('2026-12-01T12:00:00Z');
const answer = (at: number) => new Response(null, { headers: { date: new Date(at).toUTCString() } });

test('an answer that takes long does not put the clock back', context => {
  context.mock.timers.enable({ apis: ['Date'], now: noon + 20_000 });
  setClock(answer(noon), noon);
  assert.equal(serverTime(), noon + 20_000);
});

test('a computer’s clock that is wrong is told from the server’s, whichever way and however long the answer took', context => {
  context.mock.timers.enable({ apis: ['Date'], now: noon + 5_000 });
  setClock(answer(noon + 605_000), noon);
  assert.equal(serverTime(), noon + 605_000);
  setClock(answer(noon - 600_000), noon);
  assert.equal(serverTime(), noon + 5_000 - 600_000);
  setClock(answer(noon + 4_000), noon);
  assert.equal(serverTime(), noon + 5_000);
});
