import { LngLatBounds, type Map as GlMap } from 'maplibre-gl';
import type { Fix } from '../api/types.ts';
import type { Fleet, Van } from '../fleet/fleet.ts';
import { latitudeOf, longitudeOf } from '../fleet/mercator.ts';
import { t } from '../i18n/language.ts';
import { mapConfiguration } from '../page/configuration.ts';
import { byId } from '../page/dom.ts';
import { Signal } from '../page/signal.ts';
import type { Camera } from '../page/state.ts';
import type { Town } from '../places/towns.ts';
import { lastClusterZoom } from './layout.ts';
import { createMap } from './map.ts';
import { Track } from './track.ts';
import { VansOnMap } from './vans-on-map.ts';

/** The map with the vans on it, and where it looks. Where the browser can draw none, it does nothing. */
export class Stage {
  readonly chosen = new Signal<Van>();
  /** The reader pointed at nothing. */
  readonly missed = new Signal();
  /** It came to rest somewhere else. */
  readonly rested = new Signal<Camera>();

  private readonly clock: () => number;
  private readonly passes: (van: Van) => boolean;
  private fleet: Fleet;
  private selected: Van | undefined;
  private map: GlMap | null | undefined;
  private vans: VansOnMap | undefined;
  private track: Track | undefined;
  private isPlaced = false;

  /**
   * @param clock Seconds.
   * @param passes Which vans it shows.
   */
  constructor(fleet: Fleet, clock: () => number, passes: (van: Van) => boolean) {
    this.fleet = fleet;
    this.clock = clock;
    this.passes = passes;
  }

  /** Draws the map, which takes a moment; once. @param camera Where it looks; undefined: at the whole fleet, when it is there. */
  async start(camera: Camera | undefined): Promise<GlMap | null> {
    if (this.map !== undefined) {
      return null;
    }

    this.map = null;
    const map = await createMap(byId('map'), mapConfiguration());
    if (!map) {
      byId('map').append(t('webgl'));
      return null;
    }

    this.map = map;
    if (camera) {
      this.look(camera);
    }

    this.vans = new VansOnMap(map, this.fleet, this.clock);
    this.track = new Track(map);
    this.vans.filter(this.passes);
    this.vans.select(this.selected);
    byId('zoom-in').addEventListener('click', () => map.zoomIn());
    byId('zoom-out').addEventListener('click', () => map.zoomOut());
    map.on('click', event => this.onClick(event.point.x, event.point.y));
    map.on('mousemove', event => (map.getCanvas().style.cursor = this.vans?.hit(event.point.x, event.point.y) ? 'pointer' : ''));
    map.on('moveend', () => this.rested.emit(this.camera(map)));
    // A van may have been chosen before there was a map.
    if (this.selected && !camera) {
      this.goTo(this.selected);
    } else {
      this.place();
    }

    return map;
  }

  show(fleet: Fleet): void {
    this.fleet = fleet;
    this.vans?.show(fleet);
  }

  select(van: Van | undefined): void {
    this.selected = van;
    this.vans?.select(van);
  }

  /** Others pass. */
  refilter(): void {
    this.vans?.filter(this.passes);
  }

  draw(fixes: readonly Fix[]): void {
    this.track?.show(fixes);
  }

  /** Whether a van is in sight; without a map everything is. */
  shows(van: Van): boolean {
    return !this.map || !van.motion || this.map.getBounds().contains(placeOf(van));
  }

  /** The first fleet that is seen is brought into view; after that the view is the reader's. */
  place(): void {
    if (!this.isPlaced && this.map && this.fleet.vans.size) {
      this.isPlaced = true;
      this.frame([...this.fleet.vans.values()], false);
    }
  }

  look({ zoom, latitude, longitude }: Camera): void {
    this.isPlaced = true;
    this.map?.jumpTo({ center: [longitude, latitude], zoom });
  }

  goTo(van: Van): void {
    if (van.motion && this.map) {
      this.isPlaced = true;
      // The panel that has just opened took room from the map: the middle is that of what is left.
      this.map.resize();
      this.map.easeTo({ center: placeOf(van), zoom: Math.max(this.map.getZoom(), lastClusterZoom) });
    }
  }

  goToTown({ longitude, latitude, rank }: Town): void {
    this.isPlaced = true;
    this.map?.easeTo({ center: [longitude, latitude], zoom: rank < 2 ? 11 : 13 });
  }

  frame(vans: readonly Van[], animate = true): void {
    this.fit(vans.filter(van => van.motion).map(placeOf), 70, 14, animate);
  }

  /** Brings a whole way into view. */
  frameWay(fixes: readonly Fix[]): void {
    this.fit(fixes.map(({ longitude, latitude }) => [longitude, latitude]), 60, 15);
  }

  private fit(places: readonly [number, number][], padding: number, maxZoom: number, animate = true): void {
    const bounds = new LngLatBounds();
    places.forEach(place => bounds.extend(place));
    if (!bounds.isEmpty()) {
      this.map?.fitBounds(bounds, { padding, maxZoom, animate });
    }
  }

  private onClick(x: number, y: number): void {
    const hit = this.vans?.hit(x, y);
    if (hit && 'van' in hit) {
      this.chosen.emit(hit.van);
    } else if (hit) {
      this.frame(hit.cluster);
    } else {
      this.missed.emit();
    }
  }

  private camera(map: GlMap): Camera {
    const { lng, lat } = map.getCenter();
    return { zoom: map.getZoom(), latitude: lat, longitude: lng };
  }
}

function placeOf(van: Van): [number, number] {
  return [longitudeOf(van.motion!.toX), latitudeOf(van.motion!.toY)];
}
