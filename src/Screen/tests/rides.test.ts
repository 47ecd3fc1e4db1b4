import assert from 'node:assert/strict';
import { test } from 'node:test';
import { between, poseAt, standing } from '../src/fleet/motion.ts';
import { longitudeOf } from '../src/fleet/mercator.ts';
import { Rides } from '../src/replay/rides.ts';

const from = '2026-01-01T10:00:00Z';
const start = Date.parse(from);
const track = (points: [number, number, number][], statuses: [number, 'driving' | 'parked'][] = [], at = from) => ({
  from: at,
  stepSeconds: 1,
  items: [{
    vehicleId: 'a',
    points: points.map(([s, latitude, longitude]) => [s, latitude, longitude, 50, 90] as const),
    statuses: statuses.map(([s, operationalStatus]) => ({ at: new Date(start + s * 1_000).toISOString(), operationalStatus })),
  }],
});

test('a van is on the leg of the time, and on none before its first fix', () => {
  const rides = new Rides();
  rides.add(track([[10, 52, 5], [20, 52, 5.1], [30, 52, 5.2]]));
  assert.equal(rides.legAt('a', start + 9_999), undefined);
  assert.deepEqual([rides.legAt('a', start + 10_000)!.to.longitude, rides.legAt('a', start + 25_000)!.to.longitude], [5.1, 5.2]);
  const last = rides.legAt('a', start + 60_000)!;
  assert.deepEqual([last.from.longitude, last.to.longitude], [5.2, 5.2]);
});

test('stretches go on where the last one ended, and a repeated fix is one', () => {
  const rides = new Rides();
  rides.begin('a', { at: start, latitude: 52, longitude: 5 });
  rides.add(track([[0, 52, 5], [10, 52, 5.1]]));
  rides.add(track([[0, 52, 5.1], [10, 52, 5.2]], [], '2026-01-01T10:00:10Z'));
  const legs = [0, 10_000, 20_000].map(at => rides.legAt('a', start + at)!);
  assert.deepEqual(legs.map(leg => [leg.from.longitude, leg.to.longitude]), [[5, 5.1], [5.1, 5.2], [5.2, 5.2]]);
});

test('a van that was silent for an hour drove at its end, not all the hour', () => {
  const rides = new Rides();
  rides.add(track([[0, 52, 5], [3_600, 52, 5.1]]));
  const leg = rides.legAt('a', start + 1_000)!;
  assert.deepEqual([leg.start - start, leg.end - start], [3_540_000, 3_600_000]);
});

test('each change of status is told once, when its time has come', () => {
  const rides = new Rides();
  rides.add(track([[0, 52, 5]], [[5, 'driving'], [15, 'parked']]));
  assert.deepEqual([4, 10, 20, 30].map(s => rides.statusesUntil(start + s * 1_000).map(moment => moment.status)), [[], ['driving'], ['parked'], []]);
});

test('between two fixes a van is where it was by time, turns the shorter way, and stands where it is stopped', () => {
  const place = (longitude: number, headingDegrees: number) => ({ latitude: 52, longitude, headingDegrees });
  const motion = between(place(5, 350), place(5.4, 10), 100, 104);
  assert.ok(Math.abs(longitudeOf(poseAt(motion, 101).x) - 5.1) < 1e-9);
  assert.ok(Math.abs(motion.toHeading - motion.fromHeading - Math.PI / 9) < 1e-9);
  const stopped = standing(motion, 102);
  assert.ok(Math.abs(longitudeOf(poseAt(stopped, 500).x) - 5.2) < 1e-9);
});

test('a silent van tells what it did, and nothing of where it was', () => {
  const rides = new Rides();
  rides.begin('a', { at: start - 3_600_000, latitude: 52, longitude: 5 });
  rides.add(track([], [[5, 'driving']]));
  assert.deepEqual(rides.statusesUntil(start + 5_000).map(({ id, status }) => [id, status]), [['a', 'driving']]);
  assert.equal(rides.legAt('a', start + 5_000)!.from.at, start - 3_600_000);
});

test('a van was last heard of with its last fix; between fixes of neighbouring steps it was heard of all the while', () => {
  const rides = new Rides();
  rides.add({ ...track([[0, 52, 5], [45, 52, 5.1], [300, 52, 5.2]]), stepSeconds: 24 });
  const heard = [30, 45, 100, 300, 900].map(second => (rides.heardAt('a', start + second * 1_000)! - start) / 1_000);
  assert.deepEqual(heard, [30, 45, 45, 300, 300]);
});
