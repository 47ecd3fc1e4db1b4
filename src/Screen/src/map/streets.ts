import type { ExpressionSpecification, LayerSpecification, LineLayerSpecification } from 'maplibre-gl';
import { scale } from '../page/scale.ts';
import { palette } from './palette.ts';

/** The source of the streets in the map's style. */
export const streetSource = 'streets';

/** What kind of a thing it is; files of before 2024 name it otherwise. */
const kind: ExpressionSpecification = ['coalesce', ['get', 'kind'], ['get', 'pmap:kind'], ''];
const isOf = (...kinds: string[]): ExpressionSpecification => ['match', kind, kinds, true, false];

/** From which zoom on each class of roads is drawn, and how wide it is there and close by, pixels. */
const roads = [
  { id: 'path', kinds: ['path', 'other'], from: 14, near: 0.8, close: 3 },
  { id: 'minor', kinds: ['minor_road'], from: 12, near: 0.8, close: 11 },
  { id: 'medium', kinds: ['medium_road'], from: 10.5, near: 0.9, close: 13 },
  { id: 'major', kinds: ['major_road'], from: 8.5, near: 1, close: 15 },
  { id: 'highway', kinds: ['highway'], from: 6, near: 1.2, close: 18 },
] as const;

/** Land, water and roads out of a file of the Protomaps basemap's shape, in the colours of the page; over the outlines, under their towns. */
export function streetLayers(): LayerSpecification[] {
  const colours = palette();
  return [
    { id: 'earth', type: 'fill', source: streetSource, 'source-layer': 'earth', paint: { 'fill-color': colours.land } },
    {
      id: 'green', type: 'fill', source: streetSource, 'source-layer': 'landuse', filter: isOf('park', 'forest', 'wood', 'nature_reserve', 'grass', 'meadow', 'recreation_ground', 'cemetery'),
      paint: { 'fill-color': colours.green },
    },
    { id: 'lakes', type: 'fill', source: streetSource, 'source-layer': 'water', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': colours.water } },
    { id: 'buildings', type: 'fill', source: streetSource, 'source-layer': 'buildings', minzoom: 14.5, paint: { 'fill-color': colours.building } },
    ...roads.filter(({ id }) => id !== 'path').map(road => line(road, true)),
    ...roads.map(road => line(road, false)),
    { id: 'rail', type: 'line', source: streetSource, 'source-layer': 'roads', minzoom: 11, filter: isOf('rail'), paint: { 'line-color': colours.border, 'line-width': 0.9, 'line-dasharray': [4, 3] } },
    {
      id: 'street-names', type: 'symbol', source: streetSource, 'source-layer': 'roads', minzoom: 13, filter: ['all', ['has', 'name'], ['!', isOf('rail')]],
      layout: {
        'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-font': ['sans-serif'], 'text-padding': 6, 'text-max-angle': 30,
        'text-size': 12 * scale(),
      },
      paint: { 'text-color': colours.streetName, 'text-halo-color': colours.land, 'text-halo-width': 1.4 },
    },
  ];
}

/** @param isCasing The edge under it, by which roads part from the land. */
function line({ id, kinds, from, near, close }: (typeof roads)[number], isCasing: boolean): LineLayerSpecification {
  const [colours, more] = [palette(), isCasing ? 1.6 : 0];
  return {
    id: isCasing ? `road-edge-${id}` : `road-${id}`, type: 'line', source: streetSource, 'source-layer': 'roads', minzoom: from, filter: isOf(...kinds),
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: {
      'line-color': isCasing ? colours.roadEdge : id === 'highway' ? colours.highway : id === 'path' ? colours.roadEdge : colours.road,
      'line-width': ['interpolate', ['exponential', 1.5], ['zoom'], from, near + more, 18, close + more],
    },
  };
}
