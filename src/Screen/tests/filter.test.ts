import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Vehicle } from '../src/api/types.ts';
import { countsOf, everything, passes, toggled } from '../src/fleet/filter.ts';

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

test('a town finds the vans that are there, without its accents and dashes too', () => {
  assert.equal(passes({ ...everything, text: 'alphen aan' }, van, 'Alphen aan den Rijn'), true);
  assert.equal(passes({ ...everything, text: 'rijn' }, van, 'Alphen aan den Rijn'), false);
  assert.equal(passes({ ...everything, text: 'alphen' }, van), false);
});

test('each button counts what it would show: what passes all the others', () => {
  const fleet = (['driving live', 'driving stale', 'parked live', 'parked live'] as const).map((kind, i): readonly [Vehicle, undefined] => {
    const [operationalStatus, freshness] = kind.split(' ') as [Vehicle['operationalStatus'], Vehicle['freshness']];
    return [{ ...van, licensePlate: `V-${i}`, operationalStatus, freshness }, undefined];
  });
  const read = (filter: typeof everything) => {
    const { statuses, freshnesses } = countsOf(filter, fleet);
    return [statuses.get('driving') ?? 0, statuses.get('parked') ?? 0, freshnesses.get('live') ?? 0, freshnesses.get('stale') ?? 0];
  };

  assert.deepEqual(read(everything), [2, 2, 3, 1]);
  assert.deepEqual(read({ ...everything, statuses: new Set(['driving']) }), [2, 2, 1, 1]);
  assert.deepEqual(read({ ...everything, freshnesses: new Set(['live']) }), [1, 2, 3, 1]);
  assert.deepEqual(read({ ...everything, text: 'V-1' }), [1, 0, 0, 1]);
});
