import type { GeoJSONSource, Map as GlMap } from 'maplibre-gl';
import type { Feature } from 'geojson';
import { latitudeOf, longitudeOf } from '../fleet/mercator.ts';
import type { Box } from './layout.ts';

const source = 'room';
/** The map is drawn anew for it, so not for every step of a van: ms, and CSS pixels. */
const pace = 4_000;
const noticeable = 14;
/** More pictures than that leave no room for names anyhow. */
const most = 400;
/** Widths and heights of what is drawn, CSS pixels, in steps. */
const step = 12;

/** Keeps the names of towns out from under the vans: where one is, the map believes a picture of its own to be. */
export class TownRoom {
  private readonly map: GlMap;
  private sent: readonly Box[] = [];
  private sentAt = -pace;
  private zoom = 0;

  constructor(map: GlMap) {
    this.map = map;
    map.addSource(source, { type: 'geojson', data: { type: 'FeatureCollection', features: [] }, tolerance: 0 });
    map.addLayer({
      id: source, type: 'symbol', source,
      layout: { 'icon-image': ['get', 'picture'], 'icon-allow-overlap': true, 'icon-padding': 0, 'icon-rotation-alignment': 'viewport' },
    });
  }

  /** @param worldScale CSS pixels of the whole world. */
  update(boxes: readonly Box[], worldScale: number): void {
    const [now, zoom] = [performance.now(), Math.round(this.map.getZoom() * 4)];
    const isDue = zoom !== this.zoom || now - this.sentAt >= pace;
    if (isDue && (zoom !== this.zoom || !isSame(boxes, this.sent))) {
      [this.sent, this.sentAt, this.zoom] = [boxes, now, zoom];
      void this.map.getSource<GeoJSONSource>(source)?.setData({
        type: 'FeatureCollection', features: boxes.slice(0, most).map(box => this.feature(box, worldScale)),
      });
    }
  }

  private feature({ x, y, width, height }: Box, worldScale: number): Feature {
    const [w, h] = [Math.ceil(width / step) * step, Math.ceil(height / step) * step];
    const picture = `room ${w} ${h}`;
    if (!this.map.hasImage(picture)) {
      this.map.addImage(picture, { width: w, height: h, data: new Uint8Array(w * h * 4) });
    }

    return {
      type: 'Feature', properties: { picture }, geometry: { type: 'Point', coordinates: [longitudeOf(x / worldScale), latitudeOf(y / worldScale)] },
    };
  }
}

function isSame(boxes: readonly Box[], before: readonly Box[]): boolean {
  return boxes.length === before.length
    && boxes.every((box, i) => Math.abs(box.x - before[i]!.x) < noticeable && Math.abs(box.y - before[i]!.y) < noticeable);
}
