import type { Map as GlMap } from 'maplibre-gl';
import type { Place } from '../api/types.ts';
import { areaOf, covers, including, type Area } from './area.ts';
import type { Feed } from './feed.ts';

const rest = 400;
/** Degrees; what is watched may be this many times as wide as it has to be before it is narrowed. */
const slack = 3;

/** Watches what is looked at: the map's view when it rests, and the van that is open, wherever it is. */
export class Lookout {
  private readonly map: GlMap;
  private readonly feed: Feed;
  private readonly place: () => Place | null | undefined;
  private timer = 0;

  /** @param place Of the van that is open. */
  constructor(map: GlMap, feed: Feed, place: () => Place | null | undefined) {
    this.map = map;
    this.feed = feed;
    this.place = place;
    map.on('moveend', () => this.soon());
    this.soon();
  }

  /** Looks again when nothing has moved for a moment. */
  soon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.look(), rest);
  }

  private look(): void {
    const bounds = this.map.getBounds();
    const [south, west, north, east] = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()];
    const place = this.place();
    const view = place ? including({ south, west, north, east }, place) : { south, west, north, east };
    const wanted = areaOf(view);
    if (!isEnough(this.feed.area, wanted, view)) {
      this.feed.look(wanted);
    }
  }
}

function isEnough(watched: Area | undefined, wanted: Area | undefined, view: Area): boolean {
  if (!watched || !wanted) {
    return watched === wanted;
  }

  return covers(watched, view) && watched.east - watched.west < slack * (wanted.east - wanted.west);
}
