import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inPlane, isMoving, moveTo, poseAt, rest, turn } from '../src/fleet/motion.ts';

const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
const step = inPlane(20);

test('a van glides from where it is drawn to its fix in the usual time between fixes', () => {
  let motion = rest(0.5, 0.3, 90, 0);
  for (let second = 1; second <= 5; second++) {
    motion = moveTo(motion, 0.5 + second * step, 0.3, 90, second);
  }

  near(motion.duration, 1);
  near(poseAt(motion, 5).x, motion.fromX);
  near(poseAt(motion, 5.5).x, (motion.fromX + motion.toX) / 2);
  near(poseAt(motion, 60).x, 0.5 + 5 * step);
  assert.equal(isMoving(motion, 5.9), true);
  assert.equal(isMoving(motion, 6.1), false);
});

test('a new fix on the way starts where the van is drawn: it never jumps back', () => {
  const first = moveTo(rest(0.5, 0.3, 0, 0), 0.5 + step, 0.3, 90, 1);
  const here = poseAt(first, 1.3);
  const second = moveTo(first, 0.5 + 2 * step, 0.3, 90, 1.3);
  near(second.fromX, here.x);
  near(second.fromHeading, here.heading);
});

test('it turns the short way round', () => {
  const motion = moveTo(rest(0.5, 0.3, 350, 0), 0.5, 0.3 - step, 10, 1);
  near(motion.toHeading - motion.fromHeading, (20 * Math.PI) / 180);
  near(turn((3 * Math.PI) / 2), -Math.PI / 2);
});

test('without a heading it looks where it goes, and keeps its direction while it stands', () => {
  const east = moveTo(rest(0.5, 0.3, null, 0), 0.5 + step, 0.3, null, 1);
  near(east.toHeading, Math.PI / 2);
  const still = moveTo(east, 0.5 + step, 0.3, null, 10);
  near(still.toHeading, Math.PI / 2);
});

test('a leap through the country is no ride', () => {
  const motion = moveTo(rest(0.5, 0.3, 0, 0), 0.51, 0.3, 0, 1);
  assert.equal(motion.duration, 0);
  near(poseAt(motion, 1).x, 0.51);
});

test('a manner with a pace keeps it', () => {
  const motion = moveTo(rest(0.5, 0.3, 0, 0), 0.5 + step, 0.3, 0, 30, { leap: 1, pace: 1 });
  assert.equal(motion.duration, 1);
});
