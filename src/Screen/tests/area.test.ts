import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Vehicle } from '../src/api/types.ts';
import { areaOf, covers } from '../src/connection/area.ts';
import { Fleet } from '../src/fleet/fleet.ts';

const view = (south: number, west: number, size: number) => ({ south, west, north: south + size * 0.6, east: west + size });
const vehicle = (id: string, latitude: number, lastLocationUpdate = '2026-01-01T10:00:00Z'): Vehicle =>
  ({ id, version: 1, licensePlate: id, operationalStatus: 'driving', freshness: 'live', currentLocation: { latitude, longitude: 5 }, lastLocationUpdate });

test('more than the view is watched, at any zoom, and most of the country is all of it', () => {
  for (let size = 0.001; size < 1.5; size *= 1.3) {
    for (let shift = 0; shift < 1; shift += 0.17) {
      const seen = view(52 + shift, 4 + shift, size);
      const area = areaOf(seen)!;
      assert.ok(covers(area, seen) && area.east - area.west < Math.max(5 * size, 0.05), `${size} ${JSON.stringify(area)}`);
    }
  }

  assert.equal(areaOf(view(50.7, 3.2, 4)), undefined);
});

test('two who look at the same town watch the same', () => {
  assert.deepEqual(areaOf(view(52.08, 5.08, 0.2)), areaOf(view(52.0801, 5.0802, 0.2001)));
});

test('who is no longer inside an area is not drawn there, and is still one of the fleet', () => {
  const fleet = new Fleet(() => 0);
  fleet.replaceAll([vehicle('a', 52), vehicle('b', 52.1), vehicle('c', 53)]);
  fleet.see({ south: 51.9, west: 4, north: 52.2, east: 6 }, [vehicle('a', 52)]);
  const drawn = [...fleet.vans.values()].filter(van => van.motion).map(van => van.id);
  assert.deepEqual([drawn, fleet.vans.size, fleet.vans.get('b')!.vehicle.currentLocation], [['a', 'c'], 3, null]);
});

test('a change of freshness tells of fixes that were not sent, and the next place is still taken', () => {
  const fleet = new Fleet(() => 0);
  fleet.replaceAll([vehicle('a', 52)]);
  const later = '2026-01-01T10:30:00Z';
  fleet.apply({
    sequence: 1, type: 'vehicle.freshness_changed', entityType: 'vehicle', entityId: 'a', at: '', data: { to: 'stale', lastLocationUpdate: later },
  });
  assert.equal(fleet.vans.get('a')!.vehicle.lastLocationUpdate, later);
  const before = fleet.vans.get('a')!.motion;
  fleet.refresh([vehicle('a', 52.5, later)]);
  assert.notEqual(fleet.vans.get('a')!.motion, before);
});
