import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Vehicle } from '../src/api/types.ts';
import { everything, passes, toggled } from '../src/fleet/filter.ts';

const van: Vehicle = {
  id: '1', version: 1, licensePlate: 'V-123-BX', vehicleName: 'Bus 7 Sanne', operationalStatus: 'driving', freshness: 'stale',
};

test('everything passes the empty filter', () => assert.equal(passes(everything, van), true));

test('a plate is found with and without its dashes, in any case', () => {
  for (const text of ['v-123', 'V123b', '23 bx']) {
    assert.equal(passes({ ...everything, text }, van), true, text);
  }

  assert.equal(passes({ ...everything, text: '124' }, van), false);
});

test('a name is found by a part of it; signs alone find nothing', () => {
  assert.equal(passes({ ...everything, text: 'sanne' }, van), true);
  assert.equal(passes({ ...everything, text: '--' }, van), false);
});

test('status and freshness must both fit', () => {
  assert.equal(passes({ ...everything, statuses: new Set(['driving']) }, van), true);
  assert.equal(passes({ ...everything, statuses: new Set(['driving']), freshnesses: new Set(['live']) }, van), false);
});

test('a toggled value comes and goes', () => {
  const once = toggled(new Set<string>(), 'a');
  assert.deepEqual([...once], ['a']);
  assert.deepEqual([...toggled(once, 'a')], []);
});
