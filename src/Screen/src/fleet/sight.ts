import type { Api } from '../api/client.ts';
import type { Vehicle } from '../api/types.ts';
import { contains } from '../connection/area.ts';
import type { Feed } from '../connection/feed.ts';
import type { Fleet, Van } from './fleet.ts';

/** Knows of which vans the feed sends the places, and asks for those of others (ADR 27). */
export class Sight {
  private readonly api: Api;
  private readonly feed: Feed;
  private readonly fleet: Fleet;

  /** @param fleet The live one. */
  constructor(api: Api, feed: Feed, fleet: Fleet) {
    this.api = api;
    this.feed = feed;
    this.fleet = fleet;
  }

  isWatched({ currentLocation: place }: Vehicle): boolean {
    const { area } = this.feed;
    return !area || (place !== null && place !== undefined && contains(area, place));
  }

  /** Makes sure that it is known where a van is. */
  async find(van: Van): Promise<void> {
    if (this.fleet.vans.get(van.id) === van && !this.isWatched(van.vehicle)) {
      const vehicle = await this.ask(van.id);
      if (vehicle && this.fleet.vans.get(van.id) === van) {
        this.fleet.refresh([vehicle]);
      }
    }
  }

  /** Positions of a van were taken away: where it was before them, if that is known, is told by no feed. @param isOpen It is shown wherever it is. */
  async placeAnew(id: string, isOpen: boolean): Promise<void> {
    const vehicle = await this.ask(id);
    if (vehicle) {
      this.fleet.correct(isOpen || this.isWatched(vehicle) ? vehicle : { ...vehicle, currentLocation: null });
    }
  }

  private ask(id: string): Promise<Vehicle | undefined> {
    return this.api.get<Vehicle>(`/api/vehicles/${id}`).catch(() => undefined);
  }
}
