import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { write } from '../src/places/places.ts';
import { isIn, Towns, type Town } from '../src/places/towns.ts';

const { towns: packed } = JSON.parse(readFileSync('src/map/outlines.json', 'utf8')) as { towns: [string, number, number, number][] };
const towns = new Towns(packed.map(([name, longitude, latitude, rank]): Town => ({ name, longitude: longitude / 1e4, latitude: latitude / 1e4, rank })));
const wordsOf = (latitude: number, longitude: number) => {
  const near = towns.near({ latitude, longitude });
  return near && write(near);
};

test('a place in a city bears its name, not that of a quarter; a village beside it its own', () => {
  assert.equal(wordsOf(51.9877, 5.8897), 'Arnhem');
  assert.equal(wordsOf(51.9872, 5.8447), 'Oosterbeek');
  assert.equal(wordsOf(52.0907, 5.1214), 'Utrecht');
  assert.equal(wordsOf(52.2292, 5.1669), 'Hilversum');
});

test('a place in the open is told by how far it is from where', () => {
  assert.match(wordsOf(52.25, 5.70)!, /^\d+ km [NESW]{1,2} of \w+/);
  const near = towns.near({ latitude: 51.9851 + 0.045, longitude: 5.8987 })!;
  assert.equal(isIn({ ...near, metres: 500 }), true);
});

test('the direction is that from the town to the place', () => {
  const alone = new Towns([{ name: 'Ergens', latitude: 52, longitude: 5, rank: 3 }]);
  const of = (north: number, east: number) => write(alone.near({ latitude: 52 + north, longitude: 5 + east })!);
  assert.deepEqual([of(0.05, 0), of(0, 0.08), of(-0.05, 0), of(0.05, 0.08)],
    ['6 km N of Ergens', '5 km E of Ergens', '6 km S of Ergens', '8 km NE of Ergens']);
});

test('at sea no town is near', () => assert.equal(towns.near({ latitude: 54.5, longitude: 3 }), undefined));

test('towns are found by how they begin, the best known first, and not by a letter or two', () => {
  assert.deepEqual(towns.find('hilv').map(town => town.name).slice(0, 2), ['Hilversum', 'Hilvarenbeek']);
  assert.equal(towns.find("s hertogenb")[0]?.name, "'s-Hertogenbosch");
  assert.deepEqual(towns.find('hi'), []);
  assert.deepEqual(towns.find('V-221'), []);
});
