import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fix } from '../src/api/types.ts';
import { hoursOn, wayOf, type Trip } from '../src/panel/way.ts';

const midnight = Date.parse('2026-12-01T23:00:00Z');
const minute = 60_000;
const at = (minutes: number) => new Date(midnight + minutes * minute).toISOString();
const fix = (minutes: number, latitude: number): Fix => ({ fixTime: at(minutes), latitude, longitude: 5 });

test('the way of a trip is what was driven between its beginning and its end, with both', () => {
  const fixes = [fix(10, 52), fix(20, 52.1), fix(30, 52.2), fix(40, 52.3), fix(50, 52.4)];
  const trip: Trip = { startedAt: at(15), endedAt: at(35), start: { latitude: 52.05, longitude: 5 }, end: { latitude: 52.25, longitude: 5 } };
  assert.deepEqual(wayOf(trip, fixes).map(place => place.latitude), [52.05, 52.1, 52.2, 52.25]);
  assert.deepEqual(wayOf({ ...trip, endedAt: null, end: null }, fixes).map(place => place.latitude), [52.05, 52.1, 52.2, 52.3, 52.4]);
});

test('full hours are marked where the van was then, between its fixes', () => {
  const marks = hoursOn([fix(50, 52), fix(70, 52.2), fix(110, 52.2), fix(130, 52.4)]);
  assert.deepEqual(marks.map(mark => (mark.at - midnight) / minute), [60, 120]);
  assert.deepEqual(marks.map(mark => mark.latitude.toFixed(3)), ['52.100', '52.300']);
});

test('a van that stands for hours is marked once, and a silence is not marked at all', () => {
  assert.deepEqual(hoursOn([fix(50, 52), fix(70, 52.1), ...[90, 110, 130, 150, 170, 190].map(minutes => fix(minutes, 52.1))]).map(mark => (mark.at - midnight) / minute), [60, 120]);
  assert.deepEqual(hoursOn([fix(50, 52), fix(110, 52.4)]), []);
});
