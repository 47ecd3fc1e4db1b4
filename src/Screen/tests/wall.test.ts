import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Van } from '../src/fleet/fleet.ts';
import { totalsOf } from '../src/wall/totals.ts';
import type { Card } from '../src/work/types.ts';

const now = Date.parse('2026-12-01T10:00:00Z');
const van = (id: string, operationalStatus: string, freshness: string) => [id, { id, vehicle: { operationalStatus, freshness } } as unknown as Van] as const;
const visit = (id: string, part: Partial<Card>) => [id, { id, status: 'scheduled', scheduledStart: '2026-12-01T09:30:00Z', scheduledEnd: '2026-12-01T11:00:00Z', ...part } as Card] as const;

test('a wall counts the vans that drive and are on site, the visits that will be late and the vans that are silent', () => {
  const fleet = { vans: new Map([van('a', 'driving', 'live'), van('b', 'driving', 'offline'), van('c', 'on_site', 'stale'), van('d', 'parked', 'unknown')]) };
  const cards = new Map([visit('late', {}), visit('intime', { scheduledStart: '2026-12-01T10:30:00Z' }), visit('over', { status: 'completed' })]);

  assert.deepEqual(totalsOf(fleet, { cards, isToday: true }, now), { driving: 2, on_site: 1, tooLate: 1, noSignal: 2 });
  const drafts = new Map([
    visit('lastWeek', { status: 'draft', scheduledStart: null, scheduledEnd: null, windowEnd: '2026-11-24T10:00:00Z' }), visit('this morning', { status: 'draft', scheduledStart: null, scheduledEnd: null, windowEnd: '2026-12-01T09:00:00Z' }),
  ]);
  assert.equal(totalsOf(fleet, { cards: new Map([...cards, ...drafts]), isToday: true }, now).tooLate, 2);
  assert.equal(totalsOf(fleet, { cards, isToday: false }, now).tooLate, 0);
});
