import { LngLatBounds, Marker, type Map as GlMap } from 'maplibre-gl';
import type { Fix } from '../api/types.ts';
import type { Trip } from '../panel/way.ts';
import type { Fleet, Van } from '../fleet/fleet.ts';
import { latitudeOf, longitudeOf } from '../fleet/mercator.ts';
import { t } from '../i18n/language.ts';
import { mapConfiguration } from '../page/configuration.ts';
import { byId, h } from '../page/dom.ts';
import { Signal } from '../page/signal.ts';
import type { Camera } from '../page/state.ts';
import type { Coordinates, Town } from '../places/towns.ts';
import { DayOnMap } from './day-on-map.ts';
import { Follow } from './follow.ts';
import { lastClusterZoom } from './layout.ts';
import { createMap } from './map.ts';
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
  private readonly isWall: boolean;
  private readonly isCovered: () => boolean;
  private fleet: Fleet;
  private selected: Van | undefined;
  private map: GlMap | null | undefined;
  private vans: VansOnMap | undefined;
  private day: DayOnMap | undefined;
  private follow: Follow | undefined;
  private unsubscribe: () => void;
  private isPlaced = false;
  private marker: Marker | undefined;

  /**
   * @param clock Seconds.
   * @param passes Which vans it shows.
   * @param isWall For a screen on the wall, where every van has its plate.
   * @param isCovered Whether the desk lies over all of it.
   */
  constructor(fleet: Fleet, clock: () => number, passes: (van: Van) => boolean, isWall: boolean, isCovered: () => boolean) {
    this.isWall = isWall;
    this.isCovered = isCovered;
    this.fleet = fleet;
    this.clock = clock;
    this.passes = passes;
    this.unsubscribe = this.accompany(fleet);
  }

  /**
   * Draws the map, which takes a moment; once.
   * @param camera Where it looks; undefined: at the whole fleet, when it is there.
   * @param token By which the host's own streets are read.
   */
  async start(camera: Camera | undefined, token: () => Promise<string>): Promise<GlMap | null> {
    if (this.map !== undefined) {
      return null;
    }

    this.map = null;
    const map = await createMap(byId('map'), mapConfiguration(), token);
    if (!map) {
      byId('map').append(t('webgl'));
      return null;
    }

    this.map = map;
    if (camera) {
      this.look(camera);
    }

    this.vans = new VansOnMap(map, this.fleet, this.clock, this.isWall, this.isCovered);
    this.day = new DayOnMap(map, marks => this.vans?.mark(marks));
    this.follow = new Follow(map, this.clock);
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

  /** It is in sight again. */
  wake(): void {
    this.vans?.wake();
  }

  show(fleet: Fleet): void {
    this.fleet = fleet;
    this.unsubscribe();
    this.unsubscribe = this.accompany(fleet);
    this.vans?.show(fleet);
  }

  select(van: Van | undefined): void {
    this.selected = van;
    this.vans?.select(van);
    this.follow?.choose(van);
  }

  /** Whether the map goes along with the van that is open. */
  toggleFollow(): void {
    this.follow?.toggle();
  }

  /** Others pass. */
  refilter(): void {
    this.vans?.filter(this.passes);
  }

  draw(fixes: readonly Fix[]): void {
    this.day?.show(fixes);
  }

  drawTrips(trips: readonly Trip[]): void {
    this.day?.setTrips(trips);
  }

  /** Lets one trip or stop stand out, and brings it into view. */
  chooseTrip(trip: Trip | undefined): void {
    this.frameWay(this.day?.choose(trip) ?? []);
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
      this.follow?.choose(van, true);
    }
  }

  goToTown({ longitude, latitude, rank }: Town): void {
    this.isPlaced = true;
    this.follow?.choose(this.selected, false);
    this.map?.easeTo({ center: [longitude, latitude], zoom: rank < 2 ? 11 : 13 });
  }

  /** Marks an address, and looks at it from close by. */
  goToPlace(place: Coordinates): void {
    this.isPlaced = true;
    this.follow?.choose(this.selected, false);
    this.pin(place);
    this.map?.easeTo({ center: [place.longitude, place.latitude], zoom: Math.max(this.map.getZoom(), 15) });
  }

  /** Marks a place, and looks there where it is out of sight; undefined: none. */
  pin(place: Coordinates | undefined): void {
    const { map } = this;
    this.marker?.remove();
    this.marker = undefined;
    if (map && place) {
      const at: [number, number] = [place.longitude, place.latitude];
      this.marker = new Marker({ element: h('div.pin', { 'aria-hidden': 'true' }), anchor: 'bottom' }).setLngLat(at).addTo(map);
      if (!map.getBounds().contains(at)) {
        map.easeTo({ center: at });
      }
    }
  }

  frame(vans: readonly Van[], animate = true): void {
    this.fit(vans.filter(van => van.motion).map(placeOf), 70, 14, animate);
  }

  /** Brings a whole way into view. */
  frameWay(way: readonly Coordinates[]): void {
    this.fit(way.map(({ longitude, latitude }) => [longitude, latitude]), 60, 15);
  }

  /** Draws what it shows on a canvas that can be printed, at once. */
  copyTo(copy: HTMLCanvasElement): void {
    const { map } = this;
    if (!map) {
      return;
    }

    // Only right after it is drawn a drawing of WebGL can be read.
    map.redraw();
    const shown = map.getCanvas();
    [copy.width, copy.height] = [shown.width, shown.height];
    const context = copy.getContext('2d')!;
    for (const layer of [shown, ...shown.parentElement!.querySelectorAll<HTMLCanvasElement>('canvas.vans')]) {
      context.drawImage(layer, 0, 0, copy.width, copy.height);
    }
  }

  private fit(places: readonly [number, number][], padding: number, maxZoom: number, animate = true): void {
    const bounds = new LngLatBounds();
    places.forEach(place => bounds.extend(place));
    if (!bounds.isEmpty()) {
      this.follow?.choose(this.selected, false);
      this.map?.fitBounds(bounds, { padding: { top: padding, left: padding, right: padding, bottom: padding + this.coveredBelow() }, maxZoom, animate });
    }
  }

  /** How much of the map the replay's bar lies over, from below. */
  private coveredBelow(): number {
    const [bar, map] = [byId('replay-bar'), this.map?.getContainer().getBoundingClientRect()];
    return bar.hidden || !map ? 0 : Math.max(0, map.bottom - Math.max(map.top, bar.getBoundingClientRect().top));
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

  private accompany(fleet: Fleet): () => void {
    return fleet.moved.on(van => van === this.selected && this.follow?.goAlong());
  }

  private camera(map: GlMap): Camera {
    const { lng, lat } = map.getCenter();
    return { zoom: map.getZoom(), latitude: lat, longitude: lng };
  }
}

function placeOf(van: Van): [number, number] {
  return [longitudeOf(van.motion!.toX), latitudeOf(van.motion!.toY)];
}
