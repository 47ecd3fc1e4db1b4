import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cluster } from '../src/map/clusters.ts';

test('every point is in one cluster or single, and none further from a seed than the radius', () => {
  let seed = 3;
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const points = Array.from({ length: 2_000 }, () => ({ x: random() * 1_000, y: random() * 1_000 }));
  const { clusters, single } = cluster(points, 40, 3);
  const seen = [...clusters.flatMap(group => group.members), ...single];
  assert.equal(seen.length, points.length);
  assert.equal(new Set(seen).size, points.length);
  for (const { members, x, y } of clusters) {
    assert.ok(members.length >= 3);
    assert.ok(members.every(member => Math.hypot(member.x - x, member.y - y) <= 80));
  }
});

test('two that are near stay single where three are asked for', () => {
  const { clusters, single } = cluster([{ x: 1, y: 1 }, { x: 2, y: 2 }], 10, 3);
  assert.deepEqual([clusters.length, single.length], [0, 2]);
});
