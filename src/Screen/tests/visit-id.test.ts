import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visitIdOf } from '../src/panel/visit-id.ts';

const id = '0190a3c4-7b1e-7c55-9e0f-1f2e3d4c5b6a';

test('the id of a visit is taken as it is pasted, and nothing else is taken for one', () => {
  for (const text of [id, ` ${id}\n`, `{${id.toUpperCase()}}`, `https://planning.example.nl/visits/${id}`]) {
    assert.equal(visitIdOf(text), id, text);
  }

  for (const text of ['', 'V-2026-118', id.slice(1), `${id}0`, `${id} ${id}`]) {
    assert.equal(visitIdOf(text), undefined, text);
  }
});
