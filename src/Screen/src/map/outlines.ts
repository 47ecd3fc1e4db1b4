import type { Feature, FeatureCollection, Position } from 'geojson';
import type { Town } from '../places/towns.ts';
import outlinesUrl from './outlines.json';

interface Packed {
  readonly land: readonly (readonly number[])[][];
  readonly borders: readonly (readonly number[])[];
  readonly provinces: readonly (readonly number[])[];
  readonly towns: readonly [name: string, longitude: number, latitude: number, rank: number][];
}

export interface Outlines {
  readonly land: FeatureCollection;
  readonly lines: FeatureCollection;
  readonly towns: FeatureCollection;
}

let packed: Promise<Packed> | undefined;

/** The country's towns, which come with its outlines. */
export async function loadTowns(): Promise<readonly Town[]> {
  return (await load()).towns.map(([name, longitude, latitude, rank]) => ({ name, longitude: longitude / 1e4, latitude: latitude / 1e4, rank }));
}

/** The country's outlines, which come with the screen. */
export async function loadOutlines(): Promise<Outlines> {
  const packed = await load();
  const line = (kind: string) => (points: readonly number[]): Feature =>
    ({ type: 'Feature', properties: { kind }, geometry: { type: 'LineString', coordinates: unpack(points) } });
  return {
    land: collection(packed.land.map(rings =>
      ({ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: rings.map(ring => closed(unpack(ring))) } }))),
    lines: collection([...packed.borders.map(line('border')), ...packed.provinces.map(line('province'))]),
    towns: collection(packed.towns.map(([name, longitude, latitude, rank]) =>
      ({ type: 'Feature', properties: { name, rank }, geometry: { type: 'Point', coordinates: [longitude / 1e4, latitude / 1e4] } }))),
  };
}

function load(): Promise<Packed> {
  packed ??= fetch(outlinesUrl).then(response => response.json() as Promise<Packed>).catch((fault: unknown) => {
    packed = undefined;
    throw fault;
  });
  return packed;
}

/** Points are ten-thousandths of a degree, each as its step from the one before. */
export function unpack(steps: readonly number[]): Position[] {
  const points: Position[] = [];
  let [x, y] = [0, 0];
  for (let i = 0; i < steps.length; i += 2) {
    x += steps[i]!;
    y += steps[i + 1]!;
    points.push([x / 1e4, y / 1e4]);
  }

  return points;
}

function closed(ring: Position[]): Position[] {
  return [...ring, ring[0]!];
}

function collection(features: Feature[]): FeatureCollection {
  return { type: 'FeatureCollection', features };
}
