import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whereOf } from '../src/calls/call-cards.ts';
import { RingingCalls } from '../src/calls/ringing.ts';
import { InOrder } from '../src/page/in-order.ts';
import type { Call, CallerCard } from '../src/calls/types.ts';
import type { Van } from '../src/fleet/fleet.ts';
import { Axis, snapped } from '../src/schedule/axis.ts';
import { clashesOf, missingSkills, raisedOf, rowsOf } from '../src/schedule/rows.ts';
import { at, dayName, later } from '../src/work/day.ts';
import { byUrgency, columnOf, latenessOf, matches, minutesOf, urgencyOf, urgencyWord } from '../src/work/facts.ts';
import type { Card, Crew } from '../src/work/types.ts';

const now = Date.parse('2026-12-01T10:00:00Z');
const minutes = (n: number) => new Date(now + n * 60_000).toISOString();
const card = (id: string, part: Partial<Card> = {}): Card => ({
  id, version: 1, orderId: 'o', orderNumber: 'CC-1', orderStatus: 'planned', priorityLevel: 'normal', businessEntity: 'chargecars', visitType: 'service', status: 'scheduled',
  requiredSkills: [], rescheduleCount: 0, scheduledStart: minutes(120), scheduledEnd: minutes(180), vehicleId: 'van', customerName: 'De Vries', city: 'Baarn', ...part,
});
const crew: Crew = { teamId: 'team', name: 'Team 1', vehicleId: 'van', members: [{ contactId: 'c', name: 'Jan Jansen', skills: ['single_phase'] }] };
const storeOf = (cards: readonly Card[], crews: readonly Crew[] = [crew]) => ({
  cards: new Map(cards.map(one => [one.id, one])), crews, isToday: true,
  crewOf: (of: Pick<Card, 'teamId' | 'vehicleId'>) => crews.find(({ teamId }) => teamId === of.teamId) ?? crews.find(({ vehicleId }) => vehicleId === of.vehicleId),
  vanOf: (of: Pick<Card, 'teamId' | 'vehicleId'>) => of.vehicleId ?? undefined,
  nextOf: () => cards[0],
});

test('a visit stands where its status says, and a cancelled one nowhere', () => {
  assert.deepEqual((['draft', 'scheduled', 'confirmed', 'en_route', 'paused', 'no_show', 'cancelled'] as const).map(status => columnOf(card('a', { status }))),
    ['toPlan', 'planned', 'confirmed', 'underWay', 'onSite', 'done', undefined]);
});

test('how late a visit is follows from what is expected, else from its promise, else from its plan', () => {
  assert.equal(latenessOf(card('a', { scheduledStart: minutes(-20), scheduledEnd: minutes(40) }), now), 20);
  assert.equal(latenessOf(card('a', { scheduledStart: minutes(-20), scheduledEnd: minutes(40), windowEnd: minutes(10) }), now), -10);
  const forecast = { arrival: { earliest: minutes(1), expected: minutes(25), latest: minutes(40) }, end: { earliest: minutes(1), expected: minutes(85), latest: minutes(99) }, punctuality: 'late', lateMinutes: 15 } as const;
  assert.equal(latenessOf(card('a', { windowEnd: minutes(10), forecast }), now), 15);
  assert.equal(latenessOf(card('a', { status: 'in_progress', scheduledStart: minutes(-90), arrivedAt: minutes(-80) }), now), -Infinity);
});

test('the most urgent is first', () => {
  const cards = [card('later'), card('late', { scheduledStart: minutes(-30), scheduledEnd: minutes(30) }), card('urgent', { priorityLevel: 'urgent', scheduledStart: minutes(300), scheduledEnd: minutes(360) }), card('soon', { scheduledStart: minutes(60) })];
  assert.deepEqual(cards.toSorted(byUrgency(now)).map(({ id }) => id), ['late', 'urgent', 'soon', 'later']);
  assert.deepEqual(cards.map(one => urgencyOf(one, now)), ['plain', 'bad', 'urgent', 'plain']);
});

test('of what is too late the latest is first, and its days are told as days', () => {
  const late = (id: string, ago: number, more: Partial<Card> = {}) => card(id, { scheduledStart: minutes(-ago), scheduledEnd: minutes(60 - ago), ...more });
  // Its plan is the earliest, and its promise hardly over.
  const promised = late('promised', 500, { windowEnd: minutes(-10) });
  const cards = [promised, late('half', 30), late('days', 3 * 24 * 60 + 130), late('hours', 200)];
  assert.deepEqual(cards.toSorted(byUrgency(now)).map(({ id }) => id), ['days', 'hours', 'half', 'promised']);
  assert.deepEqual(cards.map(one => urgencyWord(one, now)), ['10 min late', '30 min late', '3 d 2 h late', '3 h 20 late']);
});

test('a visit takes as long as it is planned for, else as it is estimated, else an hour', () => {
  assert.deepEqual([minutesOf(card('a')), minutesOf(card('a', { scheduledStart: null, estimatedMinutes: 45 })), minutesOf(card('a', { scheduledStart: null }))], [60, 45, 60]);
});

test('what is sought is found in any part of a visit, all of its words', () => {
  assert.ok(matches(card('a'), 'vries baarn'));
  assert.ok(!matches(card('a'), 'vries utrecht'));
});

test('a row holds what its team or its van does, and what nobody makes comes last', () => {
  const vans = new Map([['van', { id: 'van', vehicle: { licensePlate: 'V-1' } }], ['other', { id: 'other', vehicle: { licensePlate: 'V-2' } }]]) as unknown as Map<string, Van>;
  const rows = rowsOf(storeOf([card('team', { teamId: 'team', vehicleId: null }), card('van'), card('alone', { vehicleId: 'other' }), card('nobody', { vehicleId: null }), card('draft', { status: 'draft', scheduledStart: null, scheduledEnd: null })]), { vans });
  assert.deepEqual(rows.map(({ key, plate, cards }) => [key, plate, cards.map(({ id }) => id).sort()]),
    [['team:team', 'V-1', ['team', 'van']], ['van:other', '', ['alone']], ['nobody', '', ['nobody']]]);
  assert.deepEqual([...clashesOf(rows[0]!)].sort(), ['team', 'van']);
});

test('promises at the same time are drawn at two heights, and those one after the other at one', () => {
  const promised = (id: string, from: number, to: number) => card(id, { windowStart: minutes(from), windowEnd: minutes(to) });
  assert.deepEqual([...raisedOf({ cards: [promised('a', 0, 120), promised('b', 60, 180), promised('c', 120, 240), promised('d', 240, 300), card('e')] })], ['b']);
  assert.deepEqual([...raisedOf({ cards: [promised('a', 0, 120), promised('b', 120, 240)] })], []);
});

test('of visits one after the other none clashes', () => {
  assert.equal(clashesOf({ cards: [card('a'), card('b', { scheduledStart: minutes(180), scheduledEnd: minutes(200) })] }).size, 0);
});

test('a skill is missing where nobody of the crew has it, and not where the crew is not known', () => {
  assert.deepEqual(missingSkills({ requiredSkills: ['three_phase', 'single_phase'] }, crew as never), ['three_phase']);
  assert.deepEqual(missingSkills({ requiredSkills: ['three_phase'] }, { members: [] } as never), []);
});

test('days follow one another, over months and the change of the clocks', () => {
  assert.deepEqual([later('2026-12-31', 1), later('2026-03-01', -1), later('2026-03-28', 1), later('2026-10-24', 1)], ['2027-01-01', '2026-02-28', '2026-03-29', '2026-10-25']);
  assert.equal(dayName(at('2026-10-25', 9.25)), '2026-10-25');
  assert.equal(new Date(at('2026-10-25', 9.25)).getMinutes(), 15);
  assert.equal(snapped(now + 8 * 60_000), now + 15 * 60_000);
});

test('a day shows its usual hours, and those of what is earlier or later', () => {
  const axis = new Axis();
  axis.fit('2026-12-01', [[at('2026-12-01', 9), at('2026-12-01', 10)]]);
  assert.deepEqual([axis.first, axis.last, axis.xOf('2026-12-01', at('2026-12-01', 7))], [6, 20, axis.hourWidth]);
  axis.fit('2026-12-01', [[at('2026-12-01', 4.5), at('2026-12-01', 6)], [at('2026-12-01', 21.5), at('2026-12-01', 21.75)]]);
  assert.deepEqual([axis.first, axis.last, axis.timeAt('2026-12-01', axis.hourWidth * 2.3)], [4, 22, at('2026-12-01', 6.25)]);
  axis.fit('2026-12-01', [[at('2026-12-01', -3), at('2026-12-02', 2)]]);
  assert.deepEqual([axis.first, axis.last], [0, 24]);
});

test('a card says where the van of today is and how old that is, as far as the reader may know', () => {
  Object.defineProperty(globalThis, 'document', { value: { documentElement: { lang: '' }, title: '', querySelectorAll: () => [] }, configurable: true });
  const visit = { id: 'v', status: 'en_route', vehicleId: 'van', positionAgeSeconds: 130 };
  const nameOf = () => '4 km NE of Baarn';
  assert.equal(whereOf({ ...visit, position: { latitude: 52.2, longitude: 5.3, fixTime: minutes(-2) } }, nameOf, now), 'van seen: 4 km NE of Baarn, 2 min ago');
  assert.equal(whereOf({ ...visit, position: { latitude: 52.2, longitude: 5.3, fixTime: minutes(-2) } }, () => undefined, now), 'van seen: 2 min ago');
  assert.equal(whereOf(visit, nameOf, now), 'van seen: 2 min ago');
  assert.equal(whereOf({ ...visit, positionAgeSeconds: null }, nameOf, now), undefined);
});

test('an answer of before says nothing of a call that rang, ended or was closed while it was on its way', async () => {
  const calls = new RingingCalls(() => now);
  const card = { since: minutes(0), ringingOn: [], isInternal: false, candidates: [] } satisfies CallerCard;
  const ringing = (id: string) => ({ call: { id, status: 'ringing' } as Call, card });
  const change = (entityId: string, type: string, data: object) => calls.follow({ sequence: 1, type, entityType: 'call', entityId, at: minutes(0), data: data as Record<string, unknown> });
  await calls.read(async () => [ringing('gone'), ringing('closed')]);
  let answer: (calls: readonly ReturnType<typeof ringing>[]) => void = () => undefined;
  const read = calls.read(() => new Promise(resolve => (answer = resolve)));
  change('new', 'call.ringing', { status: 'ringing', card });
  change('short', 'call.ended', { status: 'no_answer' });
  calls.close('closed');
  answer([ringing('closed'), ringing('short')]);
  await read;
  assert.deepEqual(calls.all.map(({ call }) => call.id), ['new']);
  await assert.rejects(calls.read(() => Promise.reject(new Error('away'))));
  assert.deepEqual(calls.all.map(({ call }) => call.id), ['new']);
});

test('a call that is talked is there again after a reload, and gone where it ended meanwhile; one that was put away stays away', async () => {
  const calls = new RingingCalls(() => now);
  const began: string[] = [];
  calls.began.on(({ call }) => began.push(call.id));
  const card = { since: minutes(0), ringingOn: [], isInternal: false, candidates: [] } satisfies CallerCard;
  const of = (id: string, status: Call['status']) => ({ call: { id, status } as Call, card });
  await calls.read(async () => [of('talked', 'answered'), of('rings', 'ringing'), of('away', 'answered')]);
  assert.deepEqual([calls.all.map(({ call }) => call.id), began], [['talked', 'rings', 'away'], ['rings']]);
  calls.close('away');
  await calls.read(async () => [of('rings', 'answered'), of('away', 'answered')]);
  assert.deepEqual(calls.all.map(({ call }) => `${call.id} ${call.status}`), ['rings answered']);
});

test('an answer that a later one has overtaken counts no more', () => {
  const answers = new InOrder();
  const [first, second, third] = [answers.ask(), answers.ask(), answers.ask()];
  assert.deepEqual([second(), first(), third()], [true, false, true]);
});

test('a call is told once, however often it rings, and goes a while after it ended', () => {
  let time = now;
  const calls = new RingingCalls(() => time);
  const began: string[] = [];
  calls.began.on(({ call }) => began.push(call.id));
  const ring = { since: minutes(0), ringingOn: [], isInternal: false, candidates: [] } satisfies CallerCard;
  const change = (type: string, data: object) => calls.follow({ sequence: 1, type, entityType: 'call', entityId: 'a', at: minutes(0), data: data as Record<string, unknown> });
  change('call.ended', { status: 'no_answer' });
  assert.equal(calls.all.length, 0);
  change('call.ringing', { status: 'initial', card: ring });
  change('call.ringing', { status: 'ringing', card: ring });
  change('call.answered', { status: 'answered', answeredAt: minutes(0) } satisfies Partial<Call>);
  assert.deepEqual([began, calls.all.map(({ call }) => call.status)], [['a'], ['answered']]);
  change('call.ended', { status: 'completed', endedAt: minutes(1) });
  time = now + 70_000;
  calls.tidy();
  assert.equal(calls.all.length, 1);
  time = now + 81_000;
  calls.tidy();
  assert.equal(calls.all.length, 0);
});
