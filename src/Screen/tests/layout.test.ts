import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Van } from '../src/fleet/fleet.ts';
import { rest } from '../src/fleet/motion.ts';
import { boxesOf, layOut, plateDrop, tile, type LayoutOptions } from '../src/map/layout.ts';

const zoom = 14;
const world = tile * 2 ** zoom;
const options: LayoutOptions = { zoom, now: 0, selected: undefined, isInView: () => true, size: 1 };
/** Vans at these pixels. */
const vansAt = (...places: readonly (readonly [x: number, y: number])[]) => places.map(([x, y], i) =>
  ({ id: String(i), vehicle: {}, motion: rest((4_000_000 + x) / world, (2_800_000 + y) / world, 0, 0), placedAt: undefined }) as unknown as Van);
const withPlates = (vans: readonly Van[], more: Partial<LayoutOptions> = {}) => [...layOut(vans, { ...options, ...more }).plates.keys()].map(van => van.id).sort();

test('a plate covers no van below it, unless its own is the one that is open', () => {
  const vans = vansAt([0, 0], [20, 26], [300, 0]);
  assert.deepEqual(withPlates(vans), ['1', '2']);
  assert.deepEqual(withPlates(vans, { selected: vans[0]! }), ['0', '1', '2']);
});

test('two plates never cover one another', () => {
  assert.deepEqual(withPlates(vansAt([0, 0], [60, 0])).length, 1);
  assert.deepEqual(withPlates(vansAt([0, 0], [100, 0])).length, 2);
  assert.deepEqual(withPlates(vansAt([0, 0], [100, 0]), { size: 1.5 }).length, 1);
});

test('what is drawn is known with its size, so that names can keep clear of it', () => {
  const layout = layOut(vansAt([0, 0]), options);
  const [marker, plate] = boxesOf(layout, options);
  assert.equal(marker!.width, 20);
  assert.equal(Math.round(plate!.y - marker!.y), plateDrop);
  assert.deepEqual(boxesOf(layout, { ...options, isInView: () => false }), []);
});

test('on a wall vans are not gathered into one, and each has its plate where there is room', () => {
  const vans = vansAt([0, 0], [3, 40], [6, 80], [400, 0]);
  const far = { ...options, zoom: 12 };
  assert.equal(layOut(vans, far).clusters.length, 1);
  const wall = layOut(vans, { ...far, isWall: true });
  assert.deepEqual([wall.clusters.length, wall.single.length], [0, 4]);
  const near = vansAt([0, 0], [4, 26], [0, -26]);
  assert.deepEqual([withPlates(near).length, withPlates(near, { isWall: true }).length], [1, 3]);
});
