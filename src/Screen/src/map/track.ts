import type { GeoJSONSource, Map as GlMap } from 'maplibre-gl';
import type { Fix } from '../api/types.ts';
import { isHole } from '../panel/line.ts';
import type { Coordinates } from '../places/towns.ts';
import { isDark, palette, themeChanged } from './palette.ts';

const [day, leg] = ['track', 'track-leg'];
const empty = { type: 'FeatureCollection' as const, features: [] };
const line = { 'line-join': 'round', 'line-cap': 'round' } as const;
/** Of a picture of an arrow, pixels; drawn at twice the size. */
const arrowSize = 12;

/** One van's way of the day, under the vans: with arrows that show which way it went, and one part of it that stands out. */
export class Track {
  private readonly map: GlMap;

  constructor(map: GlMap) {
    this.map = map;
    for (const source of [day, leg]) {
      map.addSource(source, { type: 'geojson', data: empty, tolerance: 0.2 });
    }

    map.addLayer({ id: 'track-casing', type: 'line', source: day, layout: line, paint: { 'line-width': 6, 'line-opacity': 0.9 } });
    map.addLayer({ id: 'track', type: 'line', source: day, layout: line, paint: { 'line-width': 3 } });
    map.addLayer({ id: 'track-leg-casing', type: 'line', source: leg, layout: line, paint: { 'line-width': 9, 'line-opacity': 0.9 } });
    map.addLayer({ id: 'track-leg', type: 'line', source: leg, layout: line, paint: { 'line-width': 5 } });
    for (const [id, source] of [['track-arrows', day], ['track-leg-arrows', leg]] as const) {
      map.addLayer({
        id, type: 'symbol', source: source!,
        layout: { 'symbol-placement': 'line', 'symbol-spacing': 90, 'icon-rotation-alignment': 'map', 'icon-padding': 12 },
      });
    }

    this.colour();
    themeChanged.on(() => this.colour());
  }

  show(fixes: readonly Fix[]): void {
    // A hole in the fixes is a hole in the line, not a straight road.
    const parts: Coordinates[][] = [];
    fixes.forEach((fix, i) => {
      const before = fixes[i - 1];
      if (!before || isHole(before, fix)) {
        parts.push([]);
      }

      parts.at(-1)!.push(fix);
    });
    this.set(day, parts);
  }

  /** The part that stands out; the rest steps back. Empty: none does. */
  highlight(way: readonly Coordinates[]): void {
    this.set(leg, [way]);
    this.map.setPaintProperty('track', 'line-opacity', way.length > 1 ? 0.45 : 1);
    this.map.setPaintProperty('track-arrows', 'icon-opacity', way.length > 1 ? 0.45 : 1);
  }

  private set(source: string | undefined, parts: readonly (readonly Coordinates[])[]): void {
    const lines = parts.filter(part => part.length > 1).map(part => part.map(({ longitude, latitude }) => [longitude, latitude]));
    void this.map.getSource<GeoJSONSource>(source!)?.setData(lines.length
      ? { type: 'Feature', properties: {}, geometry: { type: 'MultiLineString', coordinates: lines } }
      : empty);
  }

  private colour(): void {
    const { trackCasing, track, accent } = palette();
    const theme = isDark() ? 'dark' : 'light';
    for (const [layers, colour] of [['track', track], ['track-leg', accent]] as const) {
      this.map.setPaintProperty(`${layers}-casing`, 'line-color', trackCasing);
      this.map.setPaintProperty(layers, 'line-color', colour);
      const name = `${layers}-arrow-${theme}`;
      if (!this.map.hasImage(name)) {
        this.map.addImage(name, arrow(colour, trackCasing), { pixelRatio: 2 });
      }

      this.map.setLayoutProperty(`${layers}-arrows`, 'icon-image', name);
    }
  }
}

/** Points along the line. */
function arrow(colour: string, rim: string): ImageData {
  const side = arrowSize * 2;
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d')!;
  context.translate(side / 2, side / 2);
  context.beginPath();
  context.moveTo(8, 0);
  context.lineTo(-7, 8);
  context.lineTo(-3, 0);
  context.lineTo(-7, -8);
  context.closePath();
  context.lineJoin = 'round';
  context.lineWidth = 4;
  context.strokeStyle = rim;
  context.stroke();
  context.fillStyle = colour;
  context.fill();
  return context.getImageData(0, 0, side, side);
}
