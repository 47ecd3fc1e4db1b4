import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whatOf } from '../src/alerts/alerts.ts';
import { Colleagues } from '../src/alerts/assign.ts';
import { follow, isHeard, isNew, openOf, soundOf } from '../src/alerts/rules.ts';
import type { Alert } from '../src/alerts/types.ts';
import type { Change } from '../src/api/types.ts';

const at = '2026-12-01T10:00:00Z';
const alert = (id: string, part: Partial<Alert> = {}): Alert => ({
  id, version: 1, alertType: 'visit_late', entityType: 'visit', entityId: 'v', severity: 'high', status: 'open', raisedAt: at, occurrence: 1, detail: { lateMinutes: 20 }, isUnread: true, ...part,
});
const change = (type: string, data: object, entityType = 'alert'): Change => ({ sequence: 1, type, entityType, entityId: 'a', at, data: data as Record<string, unknown> });

test('those that press come first, and of those the oldest; what is put away or done is not among them', () => {
  const alerts = [alert('b', { raisedAt: '2026-12-01T09:00:00Z', severity: 'normal' }), alert('c'), alert('a', { raisedAt: '2026-12-01T09:30:00Z' }), alert('d', { status: 'snoozed' }), alert('e', { status: 'done' }), alert('f', { status: 'ended' })];
  assert.deepEqual(openOf(alerts).map(({ id }) => id), ['a', 'c', 'b']);
});

test('a change is taken once, and never over a newer one', () => {
  const known = alert('a', { version: 3, isUnread: false });
  assert.equal(follow(known, change('alert.updated', alert('x', { version: 3 }))), undefined);
  assert.equal(follow(known, change('alert.updated', alert('x', { version: 2 }))), undefined);
  assert.equal(follow(known, change('visit.updated', alert('x', { version: 4 }), 'visit')), undefined);
  const updated = follow(known, change('alert.updated', alert('x', { version: 4, detail: { lateMinutes: 30 } })));
  assert.deepEqual([updated?.id, updated?.detail.lateMinutes, updated?.isUnread], ['a', 30, false]);
});

test('what is raised or comes back is new to everybody', () => {
  const seen = alert('a', { isUnread: false });
  assert.ok(follow(seen, change('alert.raised', alert('x', { version: 2, occurrence: 2 })))?.isUnread);
  assert.ok(follow(seen, change('alert.woke', alert('x', { version: 2, occurrence: 2 })))?.isUnread);
  assert.deepEqual(['alert.raised', 'alert.woke', 'alert.updated', 'alert.done'].map(isNew), [true, true, false, false]);
});

test('only four are heard, each in its own way', () => {
  const types = ['visit_late', 'signal_lost', 'overspeed', 'call_missed', 'clock_refused', 'status_overdue', 'consequence_failed', 'message_failed', 'reschedule_asked'] as const;
  assert.deepEqual(types.map(alertType => soundOf(alert('a', { alertType }))), ['late', 'silent', 'fast', 'call', undefined, undefined, undefined, undefined, undefined]);
});

test('a visit is heard of once it will be a quarter of an hour late, also where it was less late before', () => {
  const [little, much] = [alert('a', { detail: { lateMinutes: 15 } }), alert('a', { version: 2, detail: { lateMinutes: 16 } })];
  assert.deepEqual([soundOf(little), soundOf(much)], [undefined, 'late']);
  assert.ok(!isHeard(undefined, 'alert.raised', little));
  assert.ok(isHeard(little, 'alert.updated', much));
  assert.ok(!isHeard(much, 'alert.updated', { ...much, version: 3, detail: { lateMinutes: 40 } }));
  assert.ok(isHeard({ ...much, status: 'snoozed' }, 'alert.woke', much));
  assert.ok(!isHeard({ ...little, status: 'done' }, 'alert.updated', { ...much, status: 'done' }));
});

test('an alert can become the reader’s, nobody’s and each colleague’s', async () => {
  Object.defineProperty(globalThis, 'document', { value: { documentElement: { lang: '' }, title: '', querySelectorAll: () => [] }, configurable: true });
  const items = [{ contactId: 'me', name: 'Me' }, { contactId: 'b', name: 'Bo' }, { contactId: 'c', name: 'Cas' }];
  // Dirk sees to alerts, but does not see this one.
  const all = [...items, { contactId: 'd', name: 'Dirk' }];
  const colleagues = new Colleagues({ get: async <T>(path: string) => ({ items: path.endsWith('?alertId=a') ? items : all }) as T });
  await colleagues.load();
  const given: (string | null)[] = [];
  const choices = async (holder: string | null, typed = '') =>
    colleagues.choicesOf(alert('a', { assignedToContactId: holder }), 'me', contactId => given.push(contactId))(typed, new AbortController().signal);
  const titles = async (holder: string | null, typed = '') => (await choices(holder, typed)).map(({ title }) => title);
  assert.deepEqual(await titles(null), ['I take it', 'Bo', 'Cas']);
  assert.deepEqual(await titles('me'), ['Give back', 'Bo', 'Cas']);
  assert.deepEqual(await titles('b'), ['I take it', 'To nobody', 'Cas']);
  assert.deepEqual(await titles(null, 'ca'), ['Cas']);
  (await choices('b')).forEach(choice => choice.run());
  assert.deepEqual(given, ['me', null, 'c']);
  assert.deepEqual([colleagues.nameOf('b'), colleagues.nameOf('d')], ['Bo', 'Dirk']);
});

test('an alert says what it says in the reader’s words', () => {
  Object.defineProperty(globalThis, 'document', { value: { documentElement: { lang: '' }, title: '', querySelectorAll: () => [] }, configurable: true });
  assert.equal(whatOf(alert('a', { detail: { lateMinutes: 20, count: 3 } })), '20 min late, and 2 after it');
  assert.equal(whatOf(alert('a', { alertType: 'overspeed', detail: { speedKmh: 141.4 } })), 'Too fast: 141 km/h');
  assert.equal(whatOf(alert('a', { alertType: 'message_failed', detail: { count: 1, reason: 'uncertain' } })), 'Perhaps not sent: 1');
  assert.equal(whatOf(alert('a', { alertType: 'reschedule_asked', detail: {} })), 'Customer asks for another time');
  assert.equal(whatOf(alert('a', { alertType: 'status_overdue', detail: { entityStatus: 'new' } })), 'Overdue: new');
});
