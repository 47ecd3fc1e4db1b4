import type { Map as GlMap } from 'maplibre-gl';
import { statuses } from '../api/types.ts';
import type { Fleet, Van } from '../fleet/fleet.ts';
import { moveTo, poseAt, rest, type Motion } from '../fleet/motion.ts';
import type { Cluster } from './clusters.ts';
import { layOut, type Layout, type Spot } from './layout.ts';
import { themeChanged } from './palette.ts';
import { clusterPicture, platePicture, ringPicture, vanPicture } from './pictures.ts';
import { SpriteLayer } from './sprite-layer.ts';

const layoutInterval = 0.5;
const strength = { live: 1, stale: 0.6, offline: 0.75, unknown: 0.75 } as const;

/** What is under the pointer. */
export type Hit = { readonly van: Van } | { readonly cluster: readonly Van[] };

/** Draws a fleet: lays it out twice a second and with each zoom, and steers each van as its fixes come. */
export class VansOnMap {
  readonly layer: SpriteLayer;

  private readonly map: GlMap;
  private readonly clock: () => number;
  private readonly slots = new Map<Van, { marker: number; plate: number | undefined; ring: number | undefined }>();
  private readonly groupMotions = new Map<string, Motion>();
  private fleet: Fleet;
  private selected: Van | undefined;
  private isShown: (van: Van) => boolean = () => true;
  private layout: Layout = { clusters: [], single: [], plates: new Set(), scale: 1 };
  private laidOutAt = -1;
  private needsLayout = true;
  private movingUntil = 0;
  private generation = 0;
  private readonly still = matchMedia('(prefers-reduced-motion: reduce)');
  private unsubscribe: (() => void)[] = [];

  constructor(map: GlMap, fleet: Fleet, clock: () => number) {
    this.map = map;
    this.clock = clock;
    this.layer = new SpriteLayer(clock, () => this.prepare());
    this.fleet = fleet;
    this.show(fleet);
    map.on('zoom', () => this.relayout());
    map.on('move', () => this.relayout(0.12));
    themeChanged.on(() => {
      this.layer.atlas?.clear();
      this.relayout();
    });
    // What nothing else redraws: vans that go on moving, and the layout that follows them.
    setInterval(() => this.clock() < this.movingUntil && this.relayout(layoutInterval), 1000 * layoutInterval);
  }

  /** Draws this fleet instead. */
  show(fleet: Fleet): void {
    this.unsubscribe.forEach(stop => stop());
    this.fleet = fleet;
    this.unsubscribe = [
      fleet.moved.on(van => this.steer(van)),
      fleet.changed.on(() => this.relayout()),
      fleet.reset.on(() => this.relayout()),
    ];
    this.relayout();
  }

  select(van: Van | undefined): void {
    this.selected = van;
    this.relayout();
  }

  /** Draws only the vans of which that is true. */
  filter(isShown: (van: Van) => boolean): void {
    this.isShown = isShown;
    this.relayout();
  }

  /** The nearest van or cluster within reach of a point of the canvas. */
  hit(x: number, y: number, reach = 18): Hit | undefined {
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

  /** Where a van is drawn, in pixels of the canvas. */
  pixelOf(van: Van): { x: number; y: number } | undefined {
    return van.motion ? this.project(van.motion, this.clock()) : undefined;
  }

  /** Whether each van is drawn for itself, and how many are. */
  get drawn(): { readonly single: number; readonly clusters: number } {
    return { single: this.layout.single.length, clusters: this.layout.clusters.length };
  }

  private steer(van: Van): void {
    const motion = van.motion;
    if (!motion) {
      return;
    }

    if (this.still.matches) {
      van.motion = rest(motion.toX, motion.toY, (motion.toHeading * 180) / Math.PI, motion.start);
    }

    const slots = this.slots.get(van);
    if (slots && van.motion) {
      this.layer.steer(slots.marker, van.motion, true);
      for (const slot of [slots.plate, slots.ring]) {
        if (slot !== undefined) {
          this.layer.steer(slot, van.motion, false);
        }
      }
    } else {
      this.needsLayout ||= !this.slots.size;
    }

    this.movingUntil = Math.max(this.movingUntil, motion.start + motion.duration);
    this.map.triggerRepaint();
  }

  /** @param atMost Not if the last time is less than these seconds ago. */
  private relayout(atMost = 0): void {
    if (this.clock() - this.laidOutAt >= atMost) {
      this.needsLayout = true;
      this.map.triggerRepaint();
    }
  }

  /** Before each frame. */
  private prepare(): void {
    const now = this.clock();
    if (this.needsLayout && this.layer.atlas) {
      this.needsLayout = false;
      this.laidOutAt = now;
      this.write(now);
      // The texture was full and started over: what was drawn before is void, once more then.
      if (this.generation !== this.layer.atlas.generation) {
        this.generation = this.layer.atlas.generation;
        this.write(now);
      }
    }

    if (now < this.movingUntil) {
      this.map.triggerRepaint();
    }
  }

  private write(now: number): void {
    const atlas = this.layer.atlas!;
    const shown = [...this.fleet.vans.values()].filter(van => van === this.selected || this.isShown(van));
    this.layout = layOut(shown, this.map.getZoom(), now, this.selected, this.viewOf());
    this.layer.begin();
    this.slots.clear();
    this.writeClusters(now);
    for (const { van } of this.layout.single) {
      const { operationalStatus, freshness } = van.vehicle;
      const ring = van === this.selected ? this.layer.add(van.motion!, ringPicture(atlas)) : undefined;
      const picture = vanPicture(atlas, operationalStatus, freshness, van.motion!.hasHeading);
      const marker = this.layer.add(van.motion!, picture, { rotates: true, alpha: strength[freshness] });
      this.slots.set(van, { marker, plate: undefined, ring });
      this.movingUntil = Math.max(this.movingUntil, van.motion!.start + van.motion!.duration);
    }

    for (const van of this.layout.plates) {
      const plate = platePicture(atlas, van.vehicle.licensePlate, van === this.selected);
      const alpha = van.vehicle.freshness === 'live' || van === this.selected ? 1 : 0.75;
      this.slots.get(van)!.plate = this.layer.add(van.motion!, plate, { alpha, dy: 24 });
    }
  }

  private writeClusters(now: number): void {
    const before = new Map(this.groupMotions);
    this.groupMotions.clear();
    for (const group of this.layout.clusters) {
      const key = group.members[0]!.van.id;
      const motion = this.motionOf(group, before.get(key), now);
      this.groupMotions.set(key, motion);
      this.layer.add(motion, clusterPicture(this.layer.atlas!, group.members.length, sharesOf(group)));
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

  private viewOf(): (x: number, y: number) => boolean {
    const scale = 512 * 2 ** this.map.getZoom();
    const [w, h] = [this.map.getCanvas().clientWidth / 2 + 60, this.map.getCanvas().clientHeight / 2 + 40];
    const centre = this.centre(scale);
    return (x, y) => Math.abs(x - centre.x) < w && Math.abs(y - centre.y) < h;
  }

  private centre(scale: number): { x: number; y: number } {
    const { lng, lat } = this.map.getCenter();
    const sine = Math.sin((lat * Math.PI) / 180);
    return { x: ((lng + 180) / 360) * scale, y: (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * scale };
  }

  private project(motion: Motion, now: number): { x: number; y: number } {
    const scale = 512 * 2 ** this.map.getZoom();
    const centre = this.centre(scale);
    const pose = poseAt(motion, now);
    const canvas = this.map.getCanvas();
    const padding = this.map.getPadding();
    return {
      x: pose.x * scale - centre.x + canvas.clientWidth / 2 + ((padding.left ?? 0) - (padding.right ?? 0)) / 2,
      y: pose.y * scale - centre.y + canvas.clientHeight / 2 + ((padding.top ?? 0) - (padding.bottom ?? 0)) / 2,
    };
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
