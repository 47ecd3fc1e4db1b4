import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inDays } from '../src/i18n/format.ts';
import { daysUntil, refusalSum } from '../src/panel/facts.ts';

process.env['TZ'] = 'Europe/Amsterdam';

test('a date is as many days off as the reader counts, just after midnight and over the change of the clock too', () => {
  assert.equal(daysUntil('2026-11-29', Date.parse('2026-11-28T23:30:00Z')), 0);
  assert.equal(daysUntil('2026-11-28', Date.parse('2026-11-28T23:30:00Z')), -1);
  assert.equal(daysUntil('2026-11-28', Date.parse('2026-11-28T22:30:00Z')), 0);
  assert.equal(daysUntil('2026-10-26', Date.parse('2026-10-25T12:00:00Z')), 1);
  assert.equal(daysUntil('2026-03-30', Date.parse('2026-03-28T23:30:00Z')), 1);
});

test('a day that is near has a name, and one day is no days', () => {
  assert.deepEqual([0, 1, 5].map(inDays), ['today', 'tomorrow', 'in 5 days']);
});

test('a refusal says why, how far off, how often and since when, for a day', () => {
  const refusal = { reason: 'future', offBySeconds: 185, since: '2026-11-28T09:03:00Z', at: '2026-11-28T09:30:00Z', count: 1_200 };
  assert.match(refusalSum(refusal, Date.parse('2026-11-28T10:00:00Z'))!, /^clock 3 min ahead · 1,200× since .*10:03/);
  assert.match(refusalSum({ ...refusal, reason: 'too_old', offBySeconds: -864_000 }, Date.parse('2026-11-28T10:00:00Z'))!, /^10 d old/);
  assert.equal(refusalSum(refusal, Date.parse('2026-11-29T10:00:00Z')), null);
  assert.equal(refusalSum(null, 0), null);
});
