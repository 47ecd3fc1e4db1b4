import type { Feature, FeatureCollection, Position } from 'geojson';
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

/** The country's outlines, which come with the screen. */
export async function loadOutlines(): Promise<Outlines> {
  const response = await fetch(outlinesUrl);
  const packed = (await response.json()) as Packed;
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
