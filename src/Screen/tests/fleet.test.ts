import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change, PositionItem, Vehicle } from '../src/api/types.ts';
import { Fleet } from '../src/fleet/fleet.ts';

const vehicle: Vehicle = {
  id: 'a', version: 1, licensePlate: 'V-1', operationalStatus: 'parked', freshness: 'live',
  currentLocation: { latitude: 52, longitude: 5 }, lastLocationUpdate: '2026-01-01T10:00:00Z',
};
const position = (fixTime: string, latitude: number): PositionItem =>
  ({ vehicleId: 'a', fixTime, latitude, longitude: 5, operationalStatus: 'parked', freshness: 'live' });
const change = (type: string, data: Record<string, unknown>): Change =>
  ({ sequence: 1, type, entityType: 'vehicle', entityId: 'a', at: '', data });
const seeded = () => {
  const fleet = new Fleet(() => 0);
  fleet.replaceAll([vehicle]);
  return fleet;
};

test('a position that is older than the one shown moves nothing', () => {
  const fleet = seeded();
  fleet.move([position('2026-01-01T09:59:59Z', 53)]);
  assert.equal(fleet.vans.get('a')!.vehicle.currentLocation!.latitude, 52);
  fleet.move([position('2026-01-01T10:00:01.5Z', 53)]);
  assert.equal(fleet.vans.get('a')!.vehicle.currentLocation!.latitude, 53);
});

test('details that changed leave the van where it is', () => {
  const fleet = seeded();
  fleet.apply(change('vehicle.updated', { licensePlate: 'V-2', operationalStatus: 'parked', version: 2 }));
  const { licensePlate, currentLocation, freshness } = fleet.vans.get('a')!.vehicle;
  assert.deepEqual([licensePlate, currentLocation?.latitude, freshness], ['V-2', 52, 'live']);
});

test('status and freshness follow their changes; a deleted van is gone', () => {
  const fleet = seeded();
  fleet.apply(change('vehicle.status_changed', { from: 'parked', to: 'driving' }));
  fleet.apply(change('vehicle.freshness_changed', { from: 'live', to: 'stale' }));
  assert.deepEqual([fleet.vans.get('a')!.vehicle.operationalStatus, fleet.vans.get('a')!.vehicle.freshness], ['driving', 'stale']);
  fleet.apply(change('vehicle.deleted', {}));
  assert.equal(fleet.vans.size, 0);
});

const removed = (from: string, to: string) => change('vehicle.positions_removed', { source: 'ulu', from, to, reason: 'private' });

test('a van whose positions are taken away is no longer where it was then; that it was before comes with the answer', () => {
  const fleet = seeded();
  const told: string[] = [];
  fleet.changed.on(van => told.push(van.id));
  fleet.apply(removed('2026-01-01T09:00:00Z', '2026-01-01T10:00:00.0000001Z'));
  const van = fleet.vans.get('a')!;
  assert.deepEqual([van.motion, van.vehicle.currentLocation, van.vehicle.lastLocationUpdate, van.vehicle.freshness, told], [undefined, null, null, 'unknown', ['a']]);
  fleet.correct({ ...vehicle, currentLocation: { latitude: 51, longitude: 4 }, lastLocationUpdate: '2026-01-01T08:59:00Z', freshness: 'offline' });
  assert.deepEqual([fleet.vans.get('a'), van.vehicle.currentLocation?.latitude, van.vehicle.freshness, told], [van, 51, 'offline', ['a', 'a']]);
});

test('a van that drove on since its positions were taken away stays where it is, whatever the answer says', () => {
  const fleet = seeded();
  fleet.apply(removed('2026-01-01T08:00:00Z', '2026-01-01T09:59:59Z'));
  assert.equal(fleet.vans.get('a')!.vehicle.currentLocation?.latitude, 52);
  fleet.correct({ ...vehicle, currentLocation: null, lastLocationUpdate: null, freshness: 'unknown' });
  fleet.correct({ ...vehicle, currentLocation: { latitude: 51, longitude: 4 }, lastLocationUpdate: '2026-01-01T07:00:00Z' });
  assert.equal(fleet.vans.get('a')!.vehicle.currentLocation?.latitude, 52);
});

test('a snapshot keeps the van that is selected the same object, and forgets those that are gone', () => {
  const fleet = seeded();
  const before = fleet.vans.get('a');
  fleet.replaceAll([{ ...vehicle, version: 3 }, { ...vehicle, id: 'b' }]);
  assert.equal(fleet.vans.get('a'), before);
  fleet.replaceAll([{ ...vehicle, id: 'b' }]);
  assert.deepEqual([...fleet.vans.keys()], ['b']);
});
