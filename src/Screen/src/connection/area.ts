/** A rectangle on the map, degrees. */
export interface Area {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/** A view wider than this, degrees of longitude, is most of the country: then everything is watched. */
const widest = 1.5;

/**
 * What to watch for a view: the view and a third of it around, out to the lines of a grid, so that screens that look at the
 * same town watch the same thing, which the server makes one message of. Undefined: everything.
 */
export function areaOf({ south, west, north, east }: Area): Area | undefined {
  if (east - west > widest) {
    return undefined;
  }

  const [wide, high] = [(east - west) / 3, (north - south) / 3];
  const cell = 2 ** Math.ceil(Math.log2(Math.max(wide, high, 0.01)));
  const [down, up] = [(value: number) => Math.floor(value / cell) * cell, (value: number) => Math.ceil(value / cell) * cell];
  return { south: down(south - high), west: down(west - wide), north: up(north + high), east: up(east + wide) };
}

export function contains({ south, west, north, east }: Area, { latitude, longitude }: { latitude: number; longitude: number }): boolean {
  return latitude >= south && latitude <= north && longitude >= west && longitude <= east;
}

/** Whether all of an area is inside another. */
export function covers(outer: Area, inner: Area): boolean {
  return inner.south >= outer.south && inner.north <= outer.north && inner.west >= outer.west && inner.east <= outer.east;
}

/** The smallest area with a place in it too. */
export function including({ south, west, north, east }: Area, { latitude, longitude }: { latitude: number; longitude: number }): Area {
  return { south: Math.min(south, latitude), west: Math.min(west, longitude), north: Math.max(north, latitude), east: Math.max(east, longitude) };
}
