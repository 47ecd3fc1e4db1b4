import { LngLatBounds, type Map as GlMap } from 'maplibre-gl';
import { Api } from './api/client.ts';
import type { Vehicle } from './api/types.ts';
import { Badge } from './connection/badge.ts';
import { contains } from './connection/area.ts';
import { Feed } from './connection/feed.ts';
import { Lookout } from './connection/lookout.ts';
import { Outage } from './connection/outage.ts';
import { EventStrip } from './events/strip.ts';
import { isEverything } from './fleet/filter.ts';
import { Fleet, type Van } from './fleet/fleet.ts';
import { latitudeOf, longitudeOf } from './fleet/mercator.ts';
import { Silence } from './fleet/silence.ts';
import { t } from './i18n/language.ts';
import { Filters } from './list/filters.ts';
import { VanList } from './list/list.ts';
import { OutOfView } from './list/out-of-view.ts';
import { TownButtons } from './list/town-buttons.ts';
import { Trickle } from './list/trickle.ts';
import type { Session, User } from './login/session.ts';
import { createMap } from './map/map.ts';
import { Track } from './map/track.ts';
import { lastClusterZoom } from './map/layout.ts';
import { VansOnMap } from './map/vans-on-map.ts';
import { byId, setText } from './page/dom.ts';
import { freshnessLimits, mapConfiguration } from './page/configuration.ts';
import { onKeys } from './page/keys.ts';
import { serverTime } from './page/server-clock.ts';
import { Tabs } from './page/tabs.ts';
import { Panel } from './panel/panel.ts';
import { Places } from './places/places.ts';
import type { Town } from './places/towns.ts';
import { ReplayBar } from './replay/replay-bar.ts';
import { Replay, replayManner } from './replay/replay.ts';

const seconds = () => performance.now() / 1_000;

/** Puts the screen's parts together: the feed fills the fleet, and map, list and panel show it. */
export class Application {
  private readonly api: Api;
  private readonly feed: Feed;
  private readonly live = new Fleet(seconds);
  private readonly past = new Fleet(seconds, replayManner);
  private readonly places = new Places();
  private readonly filters = new Filters(this.live, this.places);
  private readonly towns = new TownButtons(this.places);
  private readonly outOfView = new OutOfView(() => this.hidden().length);
  private readonly list: VanList;
  private readonly panel: Panel;
  private readonly strip = new EventStrip(this.live);
  private readonly tabs = new Tabs();
  private readonly replay: Replay;
  private readonly replayBar: ReplayBar;
  private readonly outage: Outage;
  private shown = this.live;
  private selected: Van | undefined;
  private map: GlMap | null | undefined;
  private vans: VansOnMap | undefined;
  private track: Track | undefined;
  private lookout: Lookout | undefined;
  private isFramed = false;

  constructor(session: Session) {
    const api = new Api(session);
    this.api = api;
    this.feed = new Feed(session);
    const limits = freshnessLimits();
    this.outage = new Outage(this.feed, new Silence(this.live, limits));
    this.replay = new Replay(api, this.past, this.live, limits);
    this.replayBar = new ReplayBar(this.replay);
    const clock = () => (this.replay.isOpen ? this.replay.clock.now : serverTime());
    this.list = new VanList(this.live, van => this.filters.passes(van), van => this.places.townOf(van.vehicle.currentLocation), clock);
    this.panel = new Panel(api, session, this.places, clock);
    this.panel.show(this.live, false);
    const badge = new Badge(this.feed);
    this.replay.changed.on(() => badge.showMoment(this.replay.isOpen ? this.replay.clock.now : undefined));
    new Trickle(
      api, () => (this.shown === this.live ? this.list.inSight.filter(van => !this.isWatched(van.vehicle)) : []), items => this.live.move(items));
    this.wire();
  }

  async start(user: User): Promise<void> {
    byId('app').hidden = false;
    setText(byId('user'), user.name);
    this.feed.start();
    void this.places.load().catch(() => undefined);
    await this.startMap();
  }

  stop(): void {
    this.feed.stop();
    this.outage.end();
    this.replayBar.close();
    this.select(undefined);
    this.strip.clear();
    this.live.clear();
    byId('app').hidden = true;
  }

  private wire(): void {
    const { feed, live } = this;
    feed.snapshot.on(vehicles => {
      live.replaceAll(vehicles);
      // No change tells of what happened meanwhile.
      this.panel.reload();
    });
    feed.refreshed.on(vehicles => live.refresh(vehicles));
    feed.seen.on(({ area, vehicles }) => live.see(area, vehicles));
    feed.positions.on(items => live.move(items));
    live.moved.on(van => van.id === this.selected?.id && !this.isWatched(van.vehicle) && this.lookout?.soon());
    feed.change.on(change => {
      live.apply(change);
      this.strip.add(change);
      this.panel.onChange(change);
      if (change.type === 'vehicle.positions_removed') {
        void this.placeAnew(change.entityId);
      } else if (change.type === 'vehicle.deleted' && change.entityId === this.selected?.id && this.shown === live) {
        this.select(undefined);
      }
    });
    this.outage.changed.on(isCut => this.panel.cut(isCut));
    for (const fleet of [this.live, this.past]) {
      fleet.reset.on(() => this.onReset(fleet));
    }

    this.filters.changed.on(filter => {
      this.list.refilter();
      this.vans?.filter(van => this.filters.passes(van));
      this.towns.write(filter.text);
      this.outOfView.write();
    });
    this.towns.chosen.on(town => this.lookAt(town));
    this.outOfView.wanted.on(() => {
      this.tabs.show('map');
      this.frame(this.found());
    });
    this.filters.left.on(() => this.list.focus());
    this.list.chosen.on(van => this.choose(van));
    this.strip.chosen.on(id => this.choose(this.shown.vans.get(id)));
    this.panel.closed.on(() => this.select(undefined));
    this.panel.track.shown.on(fixes => this.track?.show(fixes));
    this.panel.track.framed.on(fixes => {
      this.tabs.show('map');
      this.track?.frame(fixes);
    });
    this.replayBar.opened.on(open => this.switchTo(open ? this.past : this.live));
    byId('fit').addEventListener('click', () => this.fit());
    onKeys({ search: () => this.filters.focus(), close: () => (this.selected ? this.select(undefined) : this.replayBar.close()) });
  }

  private async startMap(): Promise<void> {
    if (this.map !== undefined) {
      return;
    }

    this.map = null;
    const map = await createMap(byId('map'), mapConfiguration());
    if (!map) {
      byId('map').append(t('webgl'));
      return;
    }

    this.map = map;
    this.vans = new VansOnMap(map, this.shown, seconds);
    this.track = new Track(map);
    this.lookout = new Lookout(map, this.feed, () => this.selected && this.live.vans.get(this.selected.id)?.vehicle.currentLocation);
    this.vans.filter(van => this.filters.passes(van));
    this.vans.select(this.selected);
    map.on('moveend', () => this.outOfView.write());
    byId('zoom-in').addEventListener('click', () => map.zoomIn());
    byId('zoom-out').addEventListener('click', () => map.zoomOut());
    map.on('click', event => this.onMapClick(event.point.x, event.point.y));
    map.on('mousemove', event => (map.getCanvas().style.cursor = this.vans?.hit(event.point.x, event.point.y) ? 'pointer' : ''));
    // A van may have been chosen before there was a map.
    if (this.selected) {
      this.goTo(this.selected);
    } else {
      this.fitOnce();
    }
  }

  private onMapClick(x: number, y: number): void {
    const hit = this.vans?.hit(x, y);
    if (hit && 'van' in hit) {
      this.choose(hit.van, false);
    } else if (hit) {
      this.frame(hit.cluster);
    } else {
      this.select(undefined);
    }
  }

  private choose(van: Van | undefined, move = true): void {
    if (!van) {
      return;
    }

    this.select(van);
    this.tabs.show('map');
    if (move) {
      void this.find(van).then(() => van === this.selected && this.goTo(van));
    }
  }

  /** Where a van is that is out of sight has to be asked for. */
  private async find(van: Van): Promise<void> {
    if (this.shown === this.live && !this.isWatched(van.vehicle)) {
      const vehicle = await this.api.get<Vehicle>(`/api/vehicles/${van.id}`).catch(() => undefined);
      if (vehicle && this.live.vans.get(van.id) === van) {
        this.live.refresh([vehicle]);
      }
    }
  }

  /** Positions of a van were taken away: where it was before them, if that is known, is told by no feed. */
  private async placeAnew(id: string): Promise<void> {
    if (this.replay.isOpen) {
      this.replay.jump(this.replay.clock.now);
    }

    const vehicle = await this.api.get<Vehicle>(`/api/vehicles/${id}`).catch(() => undefined);
    if (vehicle) {
      const isShown = this.isWatched(vehicle) || id === this.selected?.id;
      this.live.correct(isShown ? vehicle : { ...vehicle, currentLocation: null });
    }
  }

  private isWatched({ currentLocation: place }: Vehicle): boolean {
    const { area } = this.feed;
    return !area || (place !== null && place !== undefined && contains(area, place));
  }

  private goTo(van: Van): void {
    if (van.motion && this.map) {
      this.isFramed = true;
      // The panel that has just opened took room from the map: the middle is that of what is left.
      this.map.resize();
      this.map.easeTo({ center: placeOf(van), zoom: Math.max(this.map.getZoom(), lastClusterZoom) });
    }
  }

  private select(van: Van | undefined): void {
    const before = this.selected;
    this.selected = van;
    this.list.select(van);
    this.vans?.select(van);
    this.lookout?.soon();
    if (van) {
      this.panel.open(van);
    } else if (before && this.panel.close()) {
      // A narrow window shows no list beside the map.
      if (!this.list.focus()) {
        this.tabs.focus();
      }
    }
  }

  /** The vans are other ones, or the same ones as new objects: stay with the one that was chosen. */
  private onReset(fleet: Fleet): void {
    if (fleet !== this.shown) {
      return;
    }

    this.fitOnce();
    const same = this.selected && fleet.vans.get(this.selected.id);
    if (same && same !== this.selected) {
      this.selected = same;
      this.list.select(same);
      this.vans?.select(same);
      this.panel.open(same);
    } else if (this.selected && !same && fleet === this.live) {
      // It was deleted meanwhile.
      this.select(undefined);
    }
  }

  private switchTo(fleet: Fleet): void {
    this.shown = fleet;
    document.body.classList.toggle('replaying', fleet === this.past);
    this.filters.show(fleet);
    this.strip.hide(fleet === this.past);
    this.list.show(fleet);
    this.panel.show(fleet, fleet === this.past);
    this.vans?.show(fleet);
    this.onReset(fleet);
    this.panel.reload();
  }

  /** The first fleet that is seen is brought into view; after that the view is the reader's. */
  private fitOnce(): void {
    if (!this.isFramed && this.map && this.live.vans.size) {
      this.isFramed = true;
      this.fit(false);
    }
  }

  private lookAt(town: Town): void {
    this.tabs.show('map');
    this.isFramed = true;
    this.map?.easeTo({ center: [town.longitude, town.latitude], zoom: town.rank < 2 ? 11 : 13 });
  }

  /** The vans that are looked for; all, where nothing is asked for. */
  private found(): Van[] {
    return [...this.shown.vans.values()].filter(van => this.filters.passes(van));
  }

  /** Those of them that the map does not show; none, where nothing is asked for. */
  private hidden(): Van[] {
    const bounds = this.map?.getBounds();
    return !bounds || isEverything(this.filters.current) ? [] : this.found().filter(van => van.motion && !bounds.contains(placeOf(van)));
  }

  private fit(animate = true): void {
    this.frame([...this.shown.vans.values()], animate);
  }

  private frame(vans: readonly Van[], animate = true): void {
    const bounds = new LngLatBounds();
    vans.filter(van => van.motion).forEach(van => bounds.extend(placeOf(van)));
    if (!bounds.isEmpty()) {
      this.map?.fitBounds(bounds, { padding: 70, maxZoom: 14, animate });
    }
  }
}

function placeOf(van: Van): [number, number] {
  return [longitudeOf(van.motion!.toX), latitudeOf(van.motion!.toY)];
}
