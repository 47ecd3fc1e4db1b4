import type { Van } from '../fleet/fleet.ts';
import { poseAt } from '../fleet/motion.ts';
import { cluster, type Cluster } from './clusters.ts';

/** A van and where it is on the screen-sized plane of a zoom. */
export interface Spot {
  readonly van: Van;
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly clusters: readonly Cluster<Spot>[];
  readonly single: readonly Spot[];
  /** Those that have room for their plate. */
  readonly plates: ReadonlySet<Van>;
  /** Pixels of the whole world at this zoom. */
  readonly scale: number;
}

/** CSS pixels of the whole world at zoom 0. */
export const tile = 512;
const plateWidth = 88;
const plateHeight = 24;
const mostPlates = 400;

/** From where on every van stands for itself. */
export const lastClusterZoom = 12.5;

/** The radius within which vans are one, pixels; nothing where the map is close enough. */
function radiusAt(zoom: number): number {
  return zoom >= lastClusterZoom ? 0 : zoom < 9.5 ? 46 : zoom < 11 ? 38 : 26;
}

/** Decides which vans are drawn alone, which as one, and which carry their plate. */
export function layOut(vans: Iterable<Van>, zoom: number, now: number, selected: Van | undefined, isInView: (x: number, y: number) => boolean): Layout {
  const scale = tile * 2 ** zoom;
  const spots: Spot[] = [];
  for (const van of vans) {
    if (van.motion && van !== selected) {
      const pose = poseAt(van.motion, now);
      spots.push({ van, x: pose.x * scale, y: pose.y * scale });
    }
  }

  const radius = radiusAt(zoom);
  const { clusters, single } = radius ? cluster(spots, radius, 3) : { clusters: [], single: spots };
  if (selected?.motion) {
    const pose = poseAt(selected.motion, now);
    single.push({ van: selected, x: pose.x * scale, y: pose.y * scale });
  }

  return { clusters, single, plates: platesOf(single, clusters, zoom, selected, isInView), scale };
}

function platesOf(
  single: readonly Spot[], clusters: readonly Cluster<Spot>[], zoom: number, selected: Van | undefined,
  isInView: (x: number, y: number) => boolean): ReadonlySet<Van> {
  const shown = new Set<Van>();
  const inView = single.filter(spot => isInView(spot.x, spot.y));
  // Far out, plates on single vans among clusters would be noise, unless there are few.
  if (zoom < 9 && inView.length > 60) {
    return new Set(selected ? [selected] : []);
  }

  const rows = new Map<number, number[]>();
  const isFree = (x: number, y: number) => {
    const row = Math.floor(y / plateHeight);
    return [row - 1, row, row + 1].every(near => !(rows.get(near) ?? []).some(other => Math.abs(other - x) < plateWidth));
  };
  const take = (x: number, y: number) => {
    const row = Math.floor(y / plateHeight);
    const taken = rows.get(row);
    if (taken) {
      taken.push(x);
    } else {
      rows.set(row, [x]);
    }
  };

  clusters.forEach(group => take(group.x, group.y));
  for (const spot of inView.toReversed()) {
    if (shown.size >= mostPlates) {
      break;
    }

    if (spot.van === selected || isFree(spot.x, spot.y + 24)) {
      take(spot.x, spot.y + 24);
      shown.add(spot.van);
    }
  }

  return shown;
}
