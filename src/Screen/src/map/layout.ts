import type { Van } from '../fleet/fleet.ts';
import { poseAt } from '../fleet/motion.ts';
import { cluster, type Cluster } from './clusters.ts';

/** A van and where it is on the screen-sized plane of a zoom. */
export interface Spot {
  readonly van: Van;
  readonly x: number;
  readonly y: number;
}

/** What something drawn covers, CSS pixels; around its middle. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** From the middle of a van to the middle of its plate, CSS pixels. */
export interface Beside {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly clusters: readonly Cluster<Spot>[];
  readonly single: readonly Spot[];
  /** Those that have room for their plate, and where it is beside them. */
  readonly plates: ReadonlyMap<Van, Beside>;
  /** Pixels of the whole world at this zoom. */
  readonly scale: number;
}

/** How a fleet is laid out. */
export interface LayoutOptions {
  readonly zoom: number;
  /** Seconds. */
  readonly now: number;
  readonly selected: Van | undefined;
  readonly isInView: (x: number, y: number) => boolean;
  /** How much larger than usual the pictures are. */
  readonly size: number;
  /** Every van stands for itself, with its plate wherever there is room for it. */
  readonly isWall?: boolean;
}

/** CSS pixels of the whole world at zoom 0. */
export const tile = 512;
/** How far below a van its plate is. */
export const plateDrop = 24;
const plateWidth = 88;
const plateHeight = 24;
const markerSize = 20;
const mostPlates = 400;
const below: readonly Beside[] = [{ x: 0, y: plateDrop }];
/** Where a plate may be on a wall, where nobody comes closer to read it: below, above, at the right, at the left. */
const around: readonly Beside[] = [...below, { x: 0, y: -plateDrop }, { x: (plateWidth + markerSize) / 2 + 2, y: 0 }, { x: -(plateWidth + markerSize) / 2 - 2, y: 0 }];

/** From where on every van stands for itself. */
export const lastClusterZoom = 12.5;

/** The radius of the picture of a cluster. */
export function clusterRadius(count: number): number {
  return Math.min(30, 13 + 3.2 * Math.log2(count));
}

/** The radius within which vans are one, pixels; nothing where the map is close enough. */
function radiusAt(zoom: number): number {
  return zoom >= lastClusterZoom ? 0 : zoom < 9.5 ? 46 : zoom < 11 ? 38 : 26;
}

/** Decides which vans are drawn alone, which as one, and which carry their plate. */
export function layOut(vans: Iterable<Van>, options: LayoutOptions): Layout {
  const { zoom, now, selected, size, isWall } = options;
  const scale = tile * 2 ** zoom;
  const spots: Spot[] = [];
  for (const van of vans) {
    if (van.motion && van !== selected) {
      const pose = poseAt(van.motion, now);
      spots.push({ van, x: pose.x * scale, y: pose.y * scale });
    }
  }

  const radius = isWall ? 0 : radiusAt(zoom) * size;
  const { clusters, single } = radius ? cluster(spots, radius, 3) : { clusters: [], single: spots };
  if (selected?.motion) {
    const pose = poseAt(selected.motion, now);
    single.push({ van: selected, x: pose.x * scale, y: pose.y * scale });
  }

  return { clusters, single, plates: platesOf(single, clusters, options), scale };
}

/** What the pictures of a layout cover, as far as it is in view. */
export function boxesOf({ clusters, single, plates }: Layout, { isInView, size }: Pick<LayoutOptions, 'isInView' | 'size'>): readonly Box[] {
  const [marker, width, height] = [markerSize * size, plateWidth * size, plateHeight * size];
  return [
    ...clusters.map(({ x, y, members }): Box => ({ x, y, width: 2 * size * clusterRadius(members.length), height: 2 * size * clusterRadius(members.length) })),
    ...single.flatMap(({ van, x, y }): Box[] => {
      const beside = plates.get(van);
      return [{ x, y, width: marker, height: marker }, ...(beside ? [{ x: x + beside.x * size, y: y + beside.y * size, width, height }] : [])];
    }),
  ].filter(({ x, y }) => isInView(x, y));
}

function platesOf(
  single: readonly Spot[], clusters: readonly Cluster<Spot>[], { zoom, selected, isInView, size, isWall }: LayoutOptions): ReadonlyMap<Van, Beside> {
  const shown = new Map<Van, Beside>();
  const inView = single.filter(spot => isInView(spot.x, spot.y));
  // Far out, plates on single vans among clusters would be noise, unless there are few.
  if (zoom < 9 && inView.length > 60 && !isWall) {
    return new Map(selected ? [[selected, below[0]!]] : []);
  }

  const plates = new Rows(plateHeight * size, plateWidth * size);
  clusters.forEach(group => plates.take(group.x, group.y));
  // A plate covers no other van.
  const markers = new Rows((plateHeight + markerSize) / 2 * size, (plateWidth + markerSize) / 2 * size);
  inView.forEach(({ x, y }) => markers.take(x, y));
  for (const { van, x, y } of inView.toReversed()) {
    if (shown.size >= mostPlates) {
      break;
    }

    const beside = (isWall ? around : below).find(one => van === selected
      || (plates.isFree(x + one.x * size, y + one.y * size) && markers.isFree(x + one.x * size, y + one.y * size)));
    if (beside) {
      plates.take(x + beside.x * size, y + beside.y * size);
      shown.set(van, beside);
    }
  }

  return shown;
}

/** Places that are taken, and whether another one is far enough from all of them. */
class Rows {
  private readonly height: number;
  private readonly width: number;
  private readonly rows = new Map<number, { readonly x: number; readonly y: number }[]>();

  constructor(height: number, width: number) {
    this.height = height;
    this.width = width;
  }

  take(x: number, y: number): void {
    const row = Math.floor(y / this.height);
    const taken = this.rows.get(row);
    if (taken) {
      taken.push({ x, y });
    } else {
      this.rows.set(row, [{ x, y }]);
    }
  }

  isFree(x: number, y: number): boolean {
    const row = Math.floor(y / this.height);
    return [row - 1, row, row + 1].every(near =>
      !(this.rows.get(near) ?? []).some(other => Math.abs(other.x - x) < this.width && Math.abs(other.y - y) < this.height));
  }
}
