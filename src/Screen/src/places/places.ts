import type { Place } from '../api/types.ts';
import { number } from '../i18n/format.ts';
import { t } from '../i18n/language.ts';
import { loadTowns } from '../map/outlines.ts';
import { Signal } from '../page/signal.ts';
import { isIn, Towns, type Coordinates, type Town, type Whereabouts } from './towns.ts';

const directions = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;

/** Names for places. Until the towns are loaded no place has one. */
export class Places {
  readonly loaded = new Signal();

  private readonly known = new WeakMap<Coordinates, Whereabouts | null>();
  private towns: Towns | undefined;

  async load(): Promise<void> {
    this.towns = new Towns(await loadTowns());
    this.loaded.emit();
  }

  /** The name of the town that a place is in or near. */
  townOf(place: Place | null | undefined): string | undefined {
    return place ? this.of(place)?.town.name : undefined;
  }

  /** A place in words, as "Arnhem" or "4 km NE of Arnhem". */
  write(place: Coordinates): string | undefined {
    const near = this.of(place);
    return near && write(near);
  }

  find(text: string, most?: number): readonly Town[] {
    return this.towns?.find(text).slice(0, most) ?? [];
  }

  private of(place: Coordinates): Whereabouts | undefined {
    if (!this.towns) {
      return undefined;
    }

    const known = this.known.get(place);
    if (known !== undefined) {
      return known ?? undefined;
    }

    const near = this.towns.near(place);
    this.known.set(place, near ?? null);
    return near;
  }
}

export function write(near: Whereabouts): string {
  const { town, metres, bearing } = near;
  return isIn(near) ? town.name
    : t('placeNear', { km: number(metres / 1_000), direction: t(`direction.${directions[Math.round(bearing / 45) % 8]!}`), town: town.name });
}
