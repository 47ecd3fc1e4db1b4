export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Cluster<T> {
  readonly members: readonly T[];
  readonly x: number;
  readonly y: number;
}

/**
 * Groups points that lie within a radius of one another; the first of a group, in the order given, decides what it takes, so
 * that the same fleet groups in the same way from one moment to the next. Fewer than <c>least</c> stay single.
 */
export function cluster<T extends Point>(points: readonly T[], radius: number, least: number): { clusters: Cluster<T>[]; single: T[] } {
  const cells = new Map<number, T[]>();
  const cellOf = (x: number, y: number) => Math.floor(x / radius) * 0x4000000 + Math.floor(y / radius);
  for (const point of points) {
    const key = cellOf(point.x, point.y);
    const cell = cells.get(key);
    if (cell) {
      cell.push(point);
    } else {
      cells.set(key, [point]);
    }
  }

  const taken = new Set<T>();
  const clusters: Cluster<T>[] = [];
  const single: T[] = [];
  for (const seed of points) {
    if (taken.has(seed)) {
      continue;
    }

    const members: T[] = [];
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        for (const point of cells.get(cellOf(seed.x + dx * radius, seed.y + dy * radius)) ?? []) {
          if (!taken.has(point) && Math.hypot(point.x - seed.x, point.y - seed.y) <= radius) {
            members.push(point);
          }
        }
      }
    }

    if (members.length < least) {
      single.push(seed);
      taken.add(seed);
      continue;
    }

    let [x, y] = [0, 0];
    for (const member of members) {
      taken.add(member);
      x += member.x;
      y += member.y;
    }

    clusters.push({ members, x: x / members.length, y: y / members.length });
  }

  return { clusters, single };
}
