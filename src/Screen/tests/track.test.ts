import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../src/api/client.ts';
import { Problem } from '../src/api/problem.ts';
import type { Fix } from '../src/api/types.ts';
import { DayTrack, readDay } from '../src/panel/day-track.ts';
import { dayOf } from '../src/panel/day.ts';
import { isHole, Line } from '../src/panel/line.ts';

const [from, to] = dayOf(Date.parse('2026-01-05T12:00:00Z'));
const at = (seconds: number) => new Date(from.getTime() + seconds * 1_000).toISOString();
const fix = (seconds: number, latitude = 52, longitude = 5): Fix => ({ fixTime: at(seconds), latitude, longitude });
const lineOf = (...fixes: Fix[]) => {
  const line = new Line();
  fixes.forEach(one => line.add(one));
  return line;
};
const seconds = (points: readonly Fix[]) => points.map(({ fixTime }) => (Date.parse(fixTime) - from.getTime()) / 1_000);

test('of a straight road the ends are kept, of a bend the corner, and the newest always', () => {
  const road = Array.from({ length: 20 }, (_, i) => fix(i, 52 + i * 0.001));
  assert.deepEqual(seconds(lineOf(...road).points), [0, 19]);
  const bend = [...road, ...Array.from({ length: 20 }, (_, i) => fix(20 + i, 52.019, 5 + i * 0.001))];
  const line = lineOf(...bend);
  assert.deepEqual([seconds(line.points), line.count], [[0, 20, 39], 40]);
  assert.ok(Math.abs(line.metres - 3_413) < 5, String(line.metres));
});

test('nothing is kept twice or out of order', () => {
  const line = lineOf(fix(10), fix(20, 52.1), fix(20, 52.2), fix(15, 52.3));
  assert.deepEqual([seconds(line.points), line.count], [[10, 20], 2]);
});

test('a silence is a hole between its two ends, and a tracker that seldom speaks makes none', () => {
  const silent = lineOf(fix(0), fix(60, 52.01), fix(120, 52.02), fix(4_000, 52.03), fix(4_060, 52.04)).points;
  assert.deepEqual(silent.map((one, i) => i > 0 && isHole(silent[i - 1]!, one)), [false, false, true, false]);
  const seldom = lineOf(...Array.from({ length: 40 }, (_, i) => fix(i * 120, 52 + i * 0.01))).points;
  assert.equal(seldom.some((one, i) => i > 0 && isHole(seldom[i - 1]!, one)), false);
});

/** A tracker that was heard so many times a second, from midnight on. */
const serverOf = (perSecond: number, until: number) => ({
  get: async (path: string) => {
    const query = new URL(path, 'http://localhost').searchParams;
    const limit = Number(query.get('limit'));
    const [start, end] = ['from', 'to'].map(name => (Date.parse(query.get(name)!) - from.getTime()) / 1_000) as [number, number];
    const first = query.has('cursor') ? Number(query.get('cursor')) : Math.max(0, Math.ceil(start * perSecond));
    const last = Math.min(end, until) * perSecond;
    const count = Math.max(0, Math.min(limit, Math.ceil(last) - first));
    // Round and round the block.
    const items = Array.from({ length: count }, (_, i) => {
      const time = (first + i) / perSecond;
      return fix(time, 52 + 0.003 * Math.sin(time / 60), 5 + 0.003 * Math.cos(time / 60));
    });
    return { items, nextCursor: first + count < last ? String(first + count) : null };
  },
}) as unknown as Api;
const read = async (api: Api, now: number) => {
  const track = new DayTrack();
  const told: (string | undefined)[] = [];
  await readDay(api, 'a', from, to, now, track, new AbortController().signal, () => told.push(track.last?.fixTime));
  return { track, told };
};

test('a day with a fix a second is all there, thinned, and shown from its newest part on while it is read', async () => {
  const { track, told } = await read(serverOf(1, 50_400), from.getTime() + 50_400_000);
  assert.deepEqual([track.count, track.since, seconds(track.points)[0], track.last!.fixTime], [50_400, undefined, 0, at(50_399)]);
  assert.ok(track.points.length < 10_000 && track.points.length > 1_000, String(track.points.length));
  // The first part, of which nothing is there yet, has just begun.
  assert.deepEqual([told.length, [...new Set(told)]], [8, [undefined, at(50_399)]]);
  const times = track.points.map(({ fixTime }) => Date.parse(fixTime));
  assert.ok(times.every((time, i) => i === 0 || time > times[i - 1]!));
  const way = 0.003 * 111_195 * (50_400 / 60) * Math.sqrt((1 + Math.cos((52 * Math.PI) / 180) ** 2) / 2);
  assert.ok(Math.abs(track.metres / way - 1) < 0.02, `${track.metres} ${way}`);
});

test('of more than can be read the oldest is left out, and it is said since when it is there', async () => {
  const { track } = await read(serverOf(5, 86_400), to.getTime() + 60_000);
  assert.equal(track.last!.fixTime, at(86_399.8));
  assert.ok(track.since && track.since > from && seconds(track.points)[0] === (track.since.getTime() - from.getTime()) / 1_000);
});

test('a track goes on with what comes after it', async () => {
  const { track } = await read(serverOf(1, 100), from.getTime() + 100_000);
  assert.deepEqual([track.append(fix(99)), track.append(fix(101, 52.1))], [false, true]);
  assert.deepEqual([track.count, track.last!.fixTime, seconds(track.points).at(-1)], [101, at(101), 101]);
});

test('a server that fails is told, with what was read kept', async () => {
  const track = new DayTrack();
  let requests = 0;
  const whole = serverOf(1, 20_000);
  const api = { get: (path: string) => (requests++ < 20 ? whole.get(path) : Promise.reject(new Problem(503, 'Not now'))) } as unknown as Api;
  await assert.rejects(readDay(api, 'a', from, to, from.getTime() + 20_000_000, track, new AbortController().signal, () => undefined));
  assert.equal(track.last!.fixTime, at(19_999));
});
