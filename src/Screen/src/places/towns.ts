import { metres } from '../fleet/mercator.ts';

export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** A town as the map knows it; the lower its rank, the better it is known. */
export interface Town extends Coordinates {
  readonly name: string;
  readonly rank: number;
}

/** A place by the town that one would name it after. */
export interface Whereabouts {
  readonly town: Town;
  /** From the middle of the town. */
  readonly metres: number;
  /** Degrees clockwise from north, from the town. */
  readonly bearing: number;
}

/** A city of this rank is the better name as long as it is not this many times as far off as a hamlet. */
const reach = [3, 3, 1.8, 1];
/** Within this, times the reach, a place is in the town itself, metres. */
const inside = 1_200;
/** Who is farther from everything is at sea, or abroad, metres. */
const farthest = 40_000;
/** Degrees; a cell and its neighbours hold every town that can be the name of a place in it. */
const cell = 0.6;
const mostFound = 3;
const shortestSearch = 3;

/** The towns of the country: which one a place is near to, and which ones a word means. */
export class Towns {
  private readonly cells = new Map<string, Town[]>();
  private readonly byName: readonly { readonly town: Town; readonly name: string }[];

  constructor(towns: readonly Town[]) {
    for (const town of towns) {
      const key = keyOf(Math.floor(town.longitude / cell), Math.floor(town.latitude / cell));
      this.cells.set(key, [...(this.cells.get(key) ?? []), town]);
    }

    this.byName = towns.toSorted((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1)).map(town => ({ town, name: plain(town.name) }));
  }

  near(place: Coordinates): Whereabouts | undefined {
    let [best, least]: [Whereabouts | undefined, number] = [undefined, farthest];
    for (const town of this.around(place)) {
      const near = { town, metres: metres(town, place), bearing: bearing(town, place) };
      // In a city one is in the city, and not in the quarter whose middle is nearer.
      const weight = isIn(near) ? town.rank - reach.length + near.metres / farthest : near.metres / reach[town.rank]!;
      if (weight < least) {
        [best, least] = [near, weight];
      }
    }

    return best;
  }

  /** The towns whose name begins with a text, the best known first. */
  find(text: string): readonly Town[] {
    const wanted = plain(text);
    return wanted.length < shortestSearch ? [] : this.byName.filter(({ name }) => name.startsWith(wanted)).slice(0, mostFound).map(({ town }) => town);
  }

  private* around({ latitude, longitude }: Coordinates): Generator<Town> {
    const [x, y] = [Math.floor(longitude / cell), Math.floor(latitude / cell)];
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        yield* this.cells.get(keyOf(x + dx, y + dy)) ?? [];
      }
    }
  }
}

/** Whether a place is in the town itself. */
export function isIn({ town, metres: away }: Whereabouts): boolean {
  return away <= inside * reach[town.rank]!;
}

/** A name as it is typed in a hurry: without accents, dashes and capitals. */
export function plain(name: string): string {
  return name.normalize('NFD').toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

function keyOf(x: number, y: number): string {
  return `${x} ${y}`;
}

function bearing(from: Coordinates, to: Coordinates): number {
  const east = (to.longitude - from.longitude) * Math.cos((from.latitude * Math.PI) / 180);
  return ((Math.atan2(east, to.latitude - from.latitude) * 180) / Math.PI + 360) % 360;
}
