import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Selection } from '../src/board/selection.ts';
import { comparer, pressed } from '../src/board/sorting.ts';
import { bestOf, onePerOrder } from '../src/work/many.ts';
import type { Candidate, Card } from '../src/work/types.ts';

const now = Date.parse('2026-12-01T10:00:00Z');
const card = (id: string, part: Partial<Card> = {}) => ({ id, orderId: id, orderNumber: id, status: 'scheduled', priorityLevel: 'normal', visitType: 'service', ...part }) as Card;
const sorted = (by: Parameters<typeof comparer>[0]['by'], isDown: boolean, cards: readonly Card[]) =>
  cards.toSorted(comparer({ by, isDown }, ({ vehicleId }) => vehicleId ?? '', now)).map(({ id }) => id);

test('rows are put in order by a column, both ways, and what has nothing in it is last', () => {
  const cards = [card('a', { city: 'Utrecht' }), card('b'), card('c', { city: 'Baarn' }), card('d', { city: 'Ede' })];
  assert.deepEqual(sorted('city', false, cards), ['c', 'd', 'a', 'b']);
  assert.deepEqual(sorted('city', true, cards), ['a', 'd', 'c', 'b']);
  const times = [card('x'), card('late', { scheduledStart: '2026-12-01T15:00:00Z' }), card('early', { windowStart: '2026-12-01T11:00:00Z' })];
  assert.deepEqual(sorted('time', false, times), ['early', 'late', 'x']);
  assert.deepEqual(sorted('number', false, [card('CC-10'), card('CC-9')]), ['CC-9', 'CC-10']);
});

test('the head of a column turns the order round when it is pressed again', () => {
  assert.deepEqual(pressed({ by: 'city', isDown: false }, 'city'), { by: 'city', isDown: true });
  assert.deepEqual(pressed({ by: 'city', isDown: true }, 'time'), { by: 'time', isDown: false });
});

test('a range goes from the row that was chosen last, and what left the list is not chosen', () => {
  const [order, selection] = [['a', 'b', 'c', 'd', 'e'], new Selection()];
  selection.toggle('b');
  selection.extend('d', order);
  assert.deepEqual(selection.ids.toSorted(), ['b', 'c', 'd']);
  selection.toggle('c');
  selection.keep(['a', 'b', 'e']);
  assert.deepEqual(selection.ids, ['b']);
  selection.clear();
  selection.extend('c', order);
  assert.deepEqual(selection.ids, ['c']);
});

test('an order of two visits is put on hold once', () => {
  const cards = [card('a', { orderId: 'one' }), card('b', { orderId: 'one' }), card('c')];
  assert.deepEqual(onePerOrder('hold', cards).map(({ id }) => id), ['a', 'c']);
  assert.equal(onePerOrder('plan', cards).length, 3);
});

test('the best crew is the first that can, and who can’t says why', () => {
  const planned = { start: '2026-12-01T12:00:00Z', end: '2026-12-01T13:00:00Z' };
  const full = { name: 'Full', teamId: 'full', answer: { feasible: false, violations: [{ rule: 'no_gap', hard: true, detail: 'the day is full' }] } } as Candidate;
  const free = { name: 'Free', teamId: 'free', vehicleId: 'van', planned, answer: { feasible: true, violations: [] } } as Candidate;
  assert.deepEqual([bestOf([full, free], '')!.name, bestOf([full, free], '')!.slot], ['Free', { start: Date.parse(planned.start), end: Date.parse(planned.end), teamId: 'free', vehicleId: 'van' }]);
  const refused = bestOf([full, free], 'full')!;
  assert.deepEqual([refused.slot, refused.why.includes('the day is full')], [undefined, true]);
  assert.equal(bestOf([], ''), undefined);
});
