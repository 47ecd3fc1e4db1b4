import type { Map as GlMap } from 'maplibre-gl';
import { statuses } from '../api/types.ts';
import type { Fleet, Van } from '../fleet/fleet.ts';
import { scale, scaleChanged } from '../page/scale.ts';
import { mercatorX, mercatorY } from '../fleet/mercator.ts';
import { moveTo, poseAt, rest, type Motion } from '../fleet/motion.ts';
import type { Cluster } from './clusters.ts';
import { boxesOf, layOut, tile, type Layout, type Spot } from './layout.ts';
import { Marks, type Mark } from './marks.ts';
import { Pacer } from './pacer.ts';
import { themeChanged } from './palette.ts';
import { clusterPicture, platePicture, ringPicture, vanPicture } from './pictures.ts';
import { SpriteCanvas, type View } from './sprite-canvas.ts';
import { TownRoom } from './town-room.ts';

const layoutInterval = 0.5;
const strength = { live: 1, stale: 0.6, offline: 0.75, unknown: 0.75 } as const;

/** What is under the pointer. */
export type Hit = { readonly van: Van } | { readonly cluster: readonly Van[] };

/** Draws a fleet: lays it out twice a second and with each zoom, and steers each van as its fixes come. */
export class VansOnMap {
  private readonly map: GlMap;
  private readonly clock: () => number;
  private readonly isWall: boolean;
  private readonly isCovered: () => boolean;
  private readonly canvas = new SpriteCanvas();
  private readonly slots = new Map<Van, { marker: number; plate: number | undefined; ring: number | undefined }>();
  private readonly marks = new Marks();
  private readonly groupMotions = new Map<string, Motion>();
  private fleet: Fleet;
  private selected: Van | undefined;
  private isShown: (van: Van) => boolean = () => true;
  private layout: Layout = { clusters: [], single: [], plates: new Map(), scale: 1 };
  private laidOutAt = -1;
  private needsLayout = true;
  private isLayoutDue = false;
  private readonly room: TownRoom;
  private readonly pacer = new Pacer();
  private drawnAt = 0;
  private timer = 0;
  private generation = 0;
  private frame = 0;
  private readonly still = matchMedia('(prefers-reduced-motion: reduce)');
  private unsubscribe: (() => void)[] = [];

  /**
   * @param isWall Every van stands for itself, with its plate.
   * @param isCovered Whether something lies over all of the map: then nothing is drawn.
   */
  constructor(map: GlMap, fleet: Fleet, clock: () => number, isWall: boolean, isCovered: () => boolean) {
    this.map = map;
    this.isWall = isWall;
    this.isCovered = isCovered;
    this.clock = clock;
    this.fleet = fleet;
    this.room = new TownRoom(map);
    map.getCanvas().after(this.canvas.element);
    this.resize();
    this.show(fleet);
    map.on('resize', () => this.resize());
    map.on('zoom', () => this.relayout());
    map.on('move', () => this.relayout(0.12));
    // In the same frame as the map, so that the vans do not lag behind it.
    map.on('render', () => this.draw());
    this.canvas.restored.on(() => this.relayout());
    scaleChanged.on(() => {
      this.canvas.atlas.resize(scale());
      this.relayout();
    });
    themeChanged.on(() => {
      this.canvas.atlas.clear();
      this.relayout();
    });
    // Vans that move join clusters and leave them.
    setInterval(() => this.isLayoutDue && this.relayout(), 1000 * layoutInterval);
  }

  /** The map is in sight again. */
  wake(): void {
    this.relayout();
  }

  /** Draws this fleet instead. */
  show(fleet: Fleet): void {
    this.unsubscribe.forEach(stop => stop());
    this.fleet = fleet;
    this.unsubscribe = [
      fleet.moved.on(van => this.steer(van)),
      fleet.changed.on(() => this.relayout(0.1)),
      fleet.reset.on(() => this.relayout()),
    ];
    this.relayout();
  }

  select(van: Van | undefined): void {
    this.selected = van;
    this.relayout();
  }

  /** Puts marks under the vans, the most important first. */
  mark(marks: readonly Mark[]): void {
    this.marks.set(marks);
    this.relayout();
  }

  /** Draws only the vans of which that is true. */
  filter(isShown: (van: Van) => boolean): void {
    this.isShown = isShown;
    this.relayout();
  }

  /** The nearest van or cluster within reach of a point of the canvas. */
  hit(x: number, y: number, reach = 18 * scale()): Hit | undefined {
    const now = this.clock();
    let [best, nearest]: [Hit | undefined, number] = [undefined, reach];
    for (const { van } of this.layout.single) {
      const away = this.distance(van.motion, x, y, now);
      if (away < nearest) {
        [best, nearest] = [{ van }, away];
      }
    }

    for (const group of this.layout.clusters) {
      const away = this.distance(rest(group.x / this.layout.scale, group.y / this.layout.scale, 0, now), x, y, now) - 8;
      if (away < nearest) {
        [best, nearest] = [{ cluster: group.members.map(spot => spot.van) }, away];
      }
    }

    return best;
  }

  private steer(van: Van): void {
    const motion = van.motion;
    if (!motion) {
      return;
    }

    if (this.still.matches) {
      van.motion = rest(motion.toX, motion.toY, (motion.toHeading * 180) / Math.PI, motion.start);
    }

    this.isLayoutDue = true;
    const slots = this.slots.get(van);
    if (!slots || !van.motion) {
      return;
    }

    this.canvas.steer(slots.marker, van.motion, true);
    for (const slot of [slots.plate, slots.ring]) {
      if (slot !== undefined) {
        this.canvas.steer(slot, van.motion, false);
      }
    }

    const now = this.clock();
    this.pacer.note(van.motion, this.layout.scale, now);
    this.glide(now);
  }

  /** @param atMost Later, if the last time is less than these seconds ago. */
  private relayout(atMost = 0): void {
    if (this.clock() - this.laidOutAt < atMost) {
      this.isLayoutDue = true;
    } else {
      this.needsLayout = true;
      this.redraw();
    }
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.map.getCanvas();
    this.canvas.resize(clientWidth, clientHeight);
    this.relayout();
  }

  /** Asks for one drawing with the next frame, however often it is called. */
  private redraw(): void {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  /** Asks for a drawing when it will show something new. */
  private glide(now: number): void {
    const gap = this.pacer.gap(now);
    clearTimeout(this.timer);
    if (gap !== undefined && !this.frame && !this.isCovered()) {
      const wait = this.drawnAt + gap - now;
      if (wait < 0.016) {
        this.redraw();
      } else {
        this.timer = window.setTimeout(() => this.redraw(), wait * 1_000);
      }
    }
  }

  private draw(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (this.isCovered()) {
      return;
    }

    const now = this.clock();
    if (this.needsLayout) {
      this.needsLayout = this.isLayoutDue = false;
      this.laidOutAt = now;
      this.write(now);
      // The texture was full and started over: what was drawn before is void, once more then.
      if (this.generation !== this.canvas.atlas.generation) {
        this.generation = this.canvas.atlas.generation;
        this.write(now);
      }
    }

    this.canvas.draw(this.view(), now);
    this.drawnAt = now;
    this.glide(now);
  }

  private write(now: number): void {
    const { atlas } = this.canvas;
    const shown = [...this.fleet.vans.values()].filter(van => van === this.selected || this.isShown(van));
    const options = { zoom: this.map.getZoom(), now, selected: this.selected, isInView: this.isInView(), size: scale(), isWall: this.isWall };
    this.layout = layOut(shown, options);
    this.room.update(boxesOf(this.layout, options), this.layout.scale);
    this.canvas.begin();
    this.pacer.begin();
    this.slots.clear();
    // The map may be moved this far before it is laid out again.
    const isNear = this.isInView(0.25);
    this.marks.write(this.canvas, this.layout.scale, scale(), isNear);
    this.writeClusters(now);
    for (const { van, x, y } of this.layout.single) {
      if (!isNear(x, y)) {
        continue;
      }

      const { operationalStatus, freshness } = van.vehicle;
      const ring = van === this.selected ? this.canvas.add(van.motion!, ringPicture(atlas)) : undefined;
      const picture = vanPicture(atlas, operationalStatus, freshness, van.motion!.hasHeading);
      const marker = this.canvas.add(van.motion!, picture, { rotates: true, alpha: strength[freshness] });
      this.slots.set(van, { marker, plate: undefined, ring });
      this.pacer.note(van.motion!, this.layout.scale, now);
    }

    for (const [van, beside] of this.layout.plates) {
      const plate = platePicture(atlas, van.vehicle.licensePlate, van === this.selected);
      const alpha = van.vehicle.freshness === 'live' || van === this.selected ? 1 : 0.75;
      this.slots.get(van)!.plate = this.canvas.add(van.motion!, plate, { alpha, dx: beside.x * scale(), dy: beside.y * scale() });
    }
  }

  private writeClusters(now: number): void {
    const before = new Map(this.groupMotions);
    this.groupMotions.clear();
    for (const group of this.layout.clusters) {
      const key = group.members[0]!.van.id;
      const motion = this.motionOf(group, before.get(key), now);
      this.groupMotions.set(key, motion);
      this.pacer.note(motion, this.layout.scale, now);
      this.canvas.add(motion, clusterPicture(this.canvas.atlas, group.members.length, sharesOf(group)));
    }
  }

  /** A cluster glides to its new middle, as long as it is the same one by its first van and not far off. */
  private motionOf(group: Cluster<Spot>, before: Motion | undefined, now: number): Motion {
    const [x, y] = [group.x / this.layout.scale, group.y / this.layout.scale];
    if (!before || this.still.matches) {
      return rest(x, y, 0, now);
    }

    return moveTo(before, x, y, 0, now, { leap: 30 / this.layout.scale, pace: layoutInterval });
  }

  private view(): View {
    const { lng, lat } = this.map.getCenter();
    return { x: mercatorX(lng), y: mercatorY(lat), scale: tile * 2 ** this.map.getZoom() };
  }

  /** @param more How far beyond each edge, as a part of the view. */
  private isInView(more = 0): (x: number, y: number) => boolean {
    const { x: middleX, y: middleY, scale } = this.view();
    const { clientWidth, clientHeight } = this.map.getCanvas();
    const [halfWidth, halfHeight] = [clientWidth * (0.5 + more) + 60, clientHeight * (0.5 + more) + 40];
    return (x, y) => Math.abs(x - middleX * scale) < halfWidth && Math.abs(y - middleY * scale) < halfHeight;
  }

  private project(motion: Motion, now: number): { x: number; y: number } {
    const { x, y, scale } = this.view();
    const pose = poseAt(motion, now);
    const { clientWidth, clientHeight } = this.map.getCanvas();
    return { x: (pose.x - x) * scale + clientWidth / 2, y: (pose.y - y) * scale + clientHeight / 2 };
  }

  private distance(motion: Motion | undefined, x: number, y: number, now: number): number {
    if (!motion) {
      return Infinity;
    }

    const pixel = this.project(motion, now);
    return Math.hypot(pixel.x - x, pixel.y - y);
  }
}

function sharesOf(group: Cluster<Spot>): number[] {
  const shares = statuses.map(() => 0);
  for (const { van } of group.members) {
    shares[statuses.indexOf(van.vehicle.operationalStatus)]!++;
  }

  return shares;
}
