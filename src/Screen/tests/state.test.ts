import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshnesses, statuses } from '../src/api/types.ts';
import { read, start, write, type State } from '../src/page/state.ts';

const van = '01a22957-dbbb-7671-a2da-80a2d2a1db2a';
const full: State = {
  view: 'board', tab: 'fleet', van, work: { kind: 'visit', id: van }, day: '2026-11-28', sought: 'De Vries & zn', manner: 'list', sorting: { by: 'city', isDown: true }, moment: Date.parse('2026-11-28T22:05:10Z'), camera: { zoom: 12.25, latitude: 52.12345, longitude: 5.1 },
  filter: { text: 'Alphen & de "Rijn"?', statuses: new Set(['driving', 'on_site']), freshnesses: new Set(['stale']) },
};

test('what is written is read again', () => {
  assert.deepEqual(read(write(full)), full);
  assert.deepEqual(read(write(start)), start);
  for (let i = 0; i < 200; i++) {
    const some = <T>(values: readonly T[]) => new Set(values.filter(() => Math.random() < 0.5));
    const state: State = {
      ...start, van: i % 2 ? van : undefined, moment: i % 3 ? i * 1_000_000 : undefined,
      camera: i % 5 ? { zoom: i / 10, latitude: i / 7 - 14, longitude: i / 9 } : undefined,
      filter: { text: i % 7 ? String.fromCodePoint(33 + i * 37, 8_000 + i).trim() : '', statuses: some(statuses), freshnesses: some(freshnesses) },
    };
    const again = read(write(state))!;
    assert.equal(write(again), write(state));
    assert.deepEqual(again.filter, state.filter);
  }
});

test('an address is read by people too', () => {
  assert.equal(write({ ...full, view: 'map', work: undefined, day: undefined, sought: '', manner: undefined, sorting: start.sorting, filter: { ...full.filter, text: 'hilversum' } }),
    `#/kaart?zoek=hilversum&status=rijdt,op-locatie&signaal=verouderd&sel=bus:${van}&z=12.25/52.12345/5.1&moment=2026-11-28T22:05:10Z&tab=bussen`);
  assert.equal(write(start), '#/kaart');
  assert.equal(write({ ...start, view: 'board', manner: 'list', sorting: { by: 'time', isDown: true } }), '#/orders?als=lijst&orde=-tijd');
  assert.equal(write({ ...start, view: 'day', van, work: { kind: 'thread', id: van }, day: '2026-12-01', sought: 'de vries' }),
    `#/dag?sel=bus:${van},gesprek:${van}&dag=2026-12-01&werk=de%20vries`);
});

test('what an address says that is nothing is passed over', () => {
  for (const hash of ['', '#', '#/', '#/nergens?x=1', '#/kaart?status=vliegt&signaal=&sel=bus:1&z=a/b/c&moment=gisteren&tab=x', '#/kaart?als=tabel&orde=-kleur', '#/kaart?z=12', '#/kaart?z=12/91/5', '#/kaart?z=//']) {
    assert.deepEqual(read(hash), start, hash);
  }

  assert.deepEqual(read('#/kaart?status=rijdt,vliegt')!.filter.statuses, new Set(['driving']));
});

test('a place on the page is no address of ours', () => assert.equal(read('#van-list'), undefined));
