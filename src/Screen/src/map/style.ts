import type { ExpressionSpecification, LayerSpecification, RasterLayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { Outlines } from './outlines.ts';
import { scale } from '../page/scale.ts';
import { isDark, palette } from './palette.ts';
import { streetLayers, streetSource } from './streets.ts';

/** How the host was configured: a style of the operator's own, or raster tiles, or neither. */
export interface MapConfiguration {
  readonly style?: string;
  readonly tiles?: string;
  /** The host's own file of streets. */
  readonly file?: string;
  readonly attribution?: string;
}

/** The map that needs no internet: land, water, borders and towns, and the host's streets or the operator's tiles over them where there are any. */
export function outlineStyle(outlines: Outlines, { tiles, file, attribution }: MapConfiguration): StyleSpecification {
  return {
    version: 8,
    sources: {
      land: { type: 'geojson', data: outlines.land, tolerance: 0.2, attribution: attribution ?? '© OpenStreetMap, Natural Earth, GeoNames' },
      lines: { type: 'geojson', data: outlines.lines, tolerance: 0.2 },
      towns: { type: 'geojson', data: outlines.towns },
      ...(file ? { [streetSource]: { type: 'vector' as const, url: `pmtiles://${file}` } } : {}),
      ...(tiles ? { tiles: { type: 'raster' as const, tiles: [tiles], tileSize: 256 } } : {}),
    },
    layers: [...outlineLayers(), ...(file ? streetLayers() : []), ...(tiles ? [{ id: 'tiles', type: 'raster' as const, source: 'tiles', paint: tilePaint() }] : townLayers())],
  };
}

export function outlineLayers(): LayerSpecification[] {
  const colours = palette();
  return [
    { id: 'water', type: 'background', paint: { 'background-color': colours.water } },
    { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': colours.land, 'fill-antialias': true } },
    { id: 'shore', type: 'line', source: 'land', paint: { 'line-color': colours.shore, 'line-width': 0.9 } },
    {
      id: 'province', type: 'line', source: 'lines', filter: ['==', ['get', 'kind'], 'province'],
      paint: { 'line-color': colours.province, 'line-width': 1.1 },
    },
    {
      id: 'border', type: 'line', source: 'lines', filter: ['==', ['get', 'kind'], 'border'],
      paint: { 'line-color': colours.border, 'line-width': 1.2, 'line-dasharray': [4, 2.5] },
    },
  ];
}

/** Tiles are made for the day: by night light and dark change places, and the colours keep their hue. */
function tilePaint(): NonNullable<RasterLayerSpecification['paint']> {
  return isDark()
    ? { 'raster-brightness-min': 0.78, 'raster-brightness-max': 0.08, 'raster-hue-rotate': 180, 'raster-saturation': -0.25 }
    : { 'raster-brightness-min': 0, 'raster-brightness-max': 1, 'raster-hue-rotate': 0, 'raster-saturation': 0 };
}

function townLayers(): LayerSpecification[] {
  const colours = palette();
  const size: ExpressionSpecification = ['interpolate', ['linear'], ['zoom'],
    6, ['match', ['get', 'rank'], 0, 11 * scale(), 1, 11 * scale(), 10 * scale()],
    11, ['match', ['get', 'rank'], 0, 16 * scale(), 1, 15 * scale(), 2, 13 * scale(), 12 * scale()]];
  return [[0, 5], [1, 5.5], [2, 8.6], [3, 10.2]].map(([rank, minzoom]): LayerSpecification => ({
    id: `towns-${rank}`, type: 'symbol', source: 'towns', minzoom: minzoom!, filter: ['==', ['get', 'rank'], rank!],
    layout: {
      'text-field': ['get', 'name'], 'text-size': size, 'text-font': ['sans-serif'], 'text-padding': 4, 'text-max-width': 8,
      // A name that a van would cover moves aside.
      'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right'], 'text-radial-offset': 1.7, 'text-justify': 'auto',
    },
    paint: { 'text-color': colours.town, 'text-halo-color': colours.townHalo, 'text-halo-width': 1.4, 'text-opacity': rank === 1 ? 0.65 : 0.9 },
  })).toReversed();
}
