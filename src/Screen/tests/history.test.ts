import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditRow, Change } from '../src/api/types.ts';
import { describe } from '../src/events/describe.ts';
import { ordered } from '../src/panel/history.ts';

const row = (id: string, second: number, action: string, newValues: Record<string, unknown>): AuditRow =>
  ({ id, action, newValues, createdAt: new Date(Date.UTC(2026, 11, 1, 10, 0, second)).toISOString() });

test('of what happened together the status comes first and the mileage last; what came later stays above', () => {
  const rows = [
    row('later', 30, 'UPDATE', { mileageKm: 3 }), row('mileage', 10, 'UPDATE', { mileageKm: 2, updatedAt: 'x' }),
    row('status', 10, 'STATUS_CHANGE', { operationalStatus: 'parked' }), row('before', 1, 'UPDATE', { mileageKm: 1 }),
  ];
  assert.deepEqual(ordered(rows).map(({ id }) => id), ['later', 'status', 'mileage', 'before']);
});

test('a due date that is past is not told as one to come', () => {
  const of = (dueDate: string): Change =>
    ({ sequence: 1, type: 'vehicle.maintenance_due', entityType: 'vehicle', entityId: 'a', at: '2026-12-01T10:00:00Z', data: { dueDate } });
  assert.equal(describe(of('2026-12-04')), 'Maintenance due 4 Dec 2026');
  assert.equal(describe(of('2026-12-01')), 'Maintenance due 1 Dec 2026');
  assert.equal(describe(of('2026-11-04')), 'Maintenance was due 4 Nov 2026');
});
