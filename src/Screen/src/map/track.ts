import { LngLatBounds, type GeoJSONSource, type Map as GlMap } from 'maplibre-gl';
import type { Fix } from '../api/types.ts';
import { isHole } from '../panel/line.ts';
import { palette, themeChanged } from './palette.ts';

const source = 'track';
const empty = { type: 'FeatureCollection' as const, features: [] };

/** One van's way of the day, under the vans. */
export class Track {
  private readonly map: GlMap;

  constructor(map: GlMap) {
    this.map = map;
    map.addSource(source, { type: 'geojson', data: empty, tolerance: 0.2 });
    map.addLayer({
      id: 'track-casing', type: 'line', source, layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: { 'line-width': 7, 'line-opacity': 0.9 },
    });
    map.addLayer({
      id: 'track', type: 'line', source, layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: { 'line-width': 3.5 },
    });
    this.colour();
    themeChanged.on(() => this.colour());
  }

  show(fixes: readonly Fix[]): void {
    // A hole in the fixes is a hole in the line, not a straight road.
    const parts: number[][][] = [];
    fixes.forEach((fix, i) => {
      const before = fixes[i - 1];
      if (!before || isHole(before, fix)) {
        parts.push([]);
      }

      parts.at(-1)!.push([fix.longitude, fix.latitude]);
    });
    this.set(parts.filter(part => part.length > 1));
  }

  clear(): void {
    this.set([]);
  }

  /** Brings the whole way into view. */
  frame(fixes: readonly Fix[]): void {
    const bounds = new LngLatBounds();
    fixes.forEach(fix => bounds.extend([fix.longitude, fix.latitude]));
    if (!bounds.isEmpty()) {
      this.map.fitBounds(bounds, { padding: 60, maxZoom: 15 });
    }
  }

  private set(lines: number[][][]): void {
    void this.map.getSource<GeoJSONSource>(source)?.setData(lines.length
      ? { type: 'Feature', properties: {}, geometry: { type: 'MultiLineString', coordinates: lines } }
      : empty);
  }

  private colour(): void {
    this.map.setPaintProperty('track-casing', 'line-color', palette().trackCasing);
    this.map.setPaintProperty('track', 'line-color', palette().track);
  }
}
