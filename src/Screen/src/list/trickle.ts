import type { Api } from '../api/client.ts';
import type { PositionItem, Vehicle } from '../api/types.ts';
import type { Van } from '../fleet/fleet.ts';

/** How often it looks whom to ask for, and how often one van is asked for, ms. */
const pace = 2_000;
const rest = 10_000;
/** The server answers for so many at once. */
const most = 100;

/**
 * The feed sends positions of what the map shows (ADR 27). Of vans that drive elsewhere, and whose rows are in sight, they are asked
 * for now and then, so that the list keeps their speeds.
 */
export class Trickle {
  private readonly api: Api;
  private readonly wanted: () => readonly Van[];
  private readonly take: (items: readonly PositionItem[]) => void;
  private readonly askedAt = new Map<string, number>();
  private isAsking = false;

  /**
   * @param wanted The vans whose rows are in sight, and which the feed sends no positions of.
   * @param take Takes what came.
   */
  constructor(api: Api, wanted: () => readonly Van[], take: (items: readonly PositionItem[]) => void) {
    this.api = api;
    this.wanted = wanted;
    this.take = take;
    setInterval(() => void this.ask(), pace);
  }

  private async ask(): Promise<void> {
    const now = performance.now();
    const due = this.isAsking || document.hidden ? []
      : this.wanted().filter(({ id, vehicle }) => vehicle.operationalStatus === 'driving' && now - (this.askedAt.get(id) ?? -rest) >= rest).slice(0, most);
    if (!due.length) {
      return;
    }

    this.isAsking = true;
    due.forEach(van => this.askedAt.set(van.id, now));
    try {
      const { items } = await this.api.get<{ items: readonly Vehicle[] }>(`/api/fleet?vehicleIds=${due.map(van => van.id).join()}`);
      this.take(items.flatMap(({ id, currentLocation, lastLocationUpdate, operationalStatus, freshness }) => (currentLocation && lastLocationUpdate
        ? [{ ...currentLocation, vehicleId: id, fixTime: lastLocationUpdate, operationalStatus, freshness }]
        : [])));
    } catch {
      // They are asked for again.
    } finally {
      this.isAsking = false;
    }
  }
}
