// Plane geometry in degrees: enough to cut a piece out of the world and thin it.

/** Whether a ring comes near a box. */
export function touches(ring, [west, south, east, north]) {
  let [w, s, e, n] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of ring) { w = Math.min(w, x); e = Math.max(e, x); s = Math.min(s, y); n = Math.max(n, y); }
  return w <= east && e >= west && s <= north && n >= south;
}

/** A ring's part inside a box (Sutherland and Hodgman: one side after the other). */
export function clipRing(ring, [west, south, east, north]) {
  const sides = [
    [p => p[0] >= west, (a, b) => cut(a, b, 0, west)],
    [p => p[0] <= east, (a, b) => cut(a, b, 0, east)],
    [p => p[1] >= south, (a, b) => cut(a, b, 1, south)],
    [p => p[1] <= north, (a, b) => cut(a, b, 1, north)],
  ];
  return sides.reduce((points, [inside, crossing]) => points.flatMap((point, i) => {
    const before = points[(i + points.length - 1) % points.length];
    const out = inside(point) !== inside(before) ? [crossing(before, point)] : [];
    return inside(point) ? [...out, point] : out;
  }), ring);
}

/** The pieces of a line inside a box, to whole points. */
export function clipLine(line, [west, south, east, north]) {
  const pieces = [[]];
  for (const point of line) {
    if (point[0] >= west && point[0] <= east && point[1] >= south && point[1] <= north) pieces.at(-1).push(point);
    else if (pieces.at(-1).length) pieces.push([]);
  }
  return pieces.filter(piece => piece.length > 1);
}

/** Leaves out points that are nearer than the tolerance to the line without them (Douglas and Peucker). */
export function simplify(points, tolerance) {
  const keep = new Uint8Array(points.length);
  keep[0] = keep[points.length - 1] = 1;
  const open = [[0, points.length - 1]];
  while (open.length) {
    const [first, last] = open.pop();
    let [worst, at] = [tolerance, -1];
    for (let i = first + 1; i < last; i++) {
      const away = distance(points[i], points[first], points[last]);
      if (away > worst) [worst, at] = [away, i];
    }
    if (at >= 0) { keep[at] = 1; open.push([first, at], [at, last]); }
  }
  return points.filter((_, i) => keep[i]);
}

/** Square kilometres, near enough. */
export function area(ring) {
  let [sum, y] = [0, 0];
  ring.forEach((a, i) => { const b = ring[(i + 1) % ring.length]; sum += a[0] * b[1] - b[0] * a[1]; y += a[1]; });
  return Math.abs(sum) / 2 * 111.3 ** 2 * Math.cos(y / ring.length * Math.PI / 180);
}

// A degree of longitude is 0.62 of a degree of latitude here.
const narrow = 0.62;

function distance([px, py], [ax, ay], [bx, by]) {
  const [dx, dy, ex, ey] = [(bx - ax) * narrow, by - ay, (px - ax) * narrow, py - ay];
  const length = dx * dx + dy * dy;
  const along = length ? Math.max(0, Math.min(1, (ex * dx + ey * dy) / length)) : 0;
  return Math.hypot(ex - along * dx, ey - along * dy);
}

function cut(a, b, axis, at) {
  const part = (at - a[axis]) / (b[axis] - a[axis]);
  const point = [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part];
  point[axis] = at;
  return point;
}
