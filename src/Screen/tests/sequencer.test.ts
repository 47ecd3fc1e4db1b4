import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change } from '../src/api/types.ts';
import { Sequencer } from '../src/connection/sequencer.ts';

const change = (sequence: number): Change => ({ sequence, type: 'vehicle.updated', entityType: 'vehicle', entityId: 'v', at: '' });
const numbers = (changes: readonly Change[]) => changes.map(({ sequence }) => sequence);

test('changes that overtake the answer wait for it, and come once', () => {
  const sequencer = new Sequencer();
  sequencer.ask();
  assert.deepEqual(numbers(sequencer.take([change(11), change(12)])), []);
  const { missed, later } = sequencer.answer(11, false, []);
  assert.deepEqual(numbers(missed), []);
  assert.deepEqual(numbers(later), [12]);
  assert.equal(sequencer.sequence, 12);
});

test('a resumed watch gives what was missed, then what came meanwhile, each once and in order', () => {
  const sequencer = new Sequencer();
  sequencer.ask();
  sequencer.answer(5, false, []);
  sequencer.take([change(6)]);
  sequencer.ask();
  sequencer.take([change(10), change(9)]);
  const { missed, later } = sequencer.answer(9, true, [change(8), change(7), change(6), change(9)]);
  assert.deepEqual(numbers(missed), [7, 8, 9]);
  assert.deepEqual(numbers(later), [10]);
});

test('a repeated message changes nothing', () => {
  const sequencer = new Sequencer();
  sequencer.ask();
  sequencer.answer(0, false, []);
  assert.deepEqual(numbers(sequencer.take([change(1), change(2)])), [1, 2]);
  assert.deepEqual(numbers(sequencer.take([change(2), change(1), change(3)])), [3]);
});

test('a snapshot of another history starts the order over', () => {
  const sequencer = new Sequencer();
  sequencer.ask();
  sequencer.answer(900, false, []);
  sequencer.ask();
  sequencer.answer(3, false, []);
  assert.equal(sequencer.sequence, 3);
  assert.deepEqual(numbers(sequencer.take([change(4)])), [4]);
});

test('any cut, repetition and order of the messages ends in every change once, ascending', () => {
  let seed = 1;
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  for (let round = 0; round < 300; round++) {
    const sequencer = new Sequencer();
    const given: number[] = [];
    sequencer.ask();
    sequencer.answer(0, false, []);
    let [committed, sent] = [0, 0];
    for (let step = 0; step < 40; step++) {
      committed += Math.floor(random() * 4);
      if (random() < 0.25) {
        // The connection is lost and taken up again, while changes of the new one overtake the answer.
        const since = sequencer.sequence!;
        sequencer.ask();
        const at = committed;
        committed += Math.floor(random() * 3);
        sequencer.take(range(at + 1, committed));
        const { missed, later } = sequencer.answer(at, true, range(since + 1, at));
        given.push(...numbers(missed), ...numbers(later));
      } else {
        const from = Math.max(1, sent - Math.floor(random() * 3));
        given.push(...numbers(sequencer.take(range(Math.min(from, sequencer.sequence! + 1), committed).sort(() => random() - 0.5))));
      }

      sent = committed;
    }

    assert.deepEqual(given, Array.from({ length: committed }, (_, i) => i + 1));
  }
});

function range(from: number, to: number): Change[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => change(from + i));
}
