import { Api } from './api/client.ts';
import type { Change } from './api/types.ts';
import { Badge } from './connection/badge.ts';
import { Feed } from './connection/feed.ts';
import { Lookout } from './connection/lookout.ts';
import { Outage } from './connection/outage.ts';
import { Desk } from './desk/desk.ts';
import { EventStrip } from './events/strip.ts';
import { Fleet, type Van } from './fleet/fleet.ts';
import { Sight } from './fleet/sight.ts';
import { Silence } from './fleet/silence.ts';
import { Filters } from './list/filters.ts';
import { VanList } from './list/list.ts';
import { Search } from './list/search.ts';
import { Trickle } from './list/trickle.ts';
import type { Session } from './login/session.ts';
import type { User } from './login/tokens.ts';
import type { Ending } from './login/windows.ts';
import { Stage } from './map/stage.ts';
import { Address } from './page/address.ts';
import { freshnessLimits } from './page/configuration.ts';
import { showDemoTime } from './page/demo-time.ts';
import { byId, setText } from './page/dom.ts';
import { Companions } from './page/companions.ts';
import { onlyOf } from './page/only.ts';
import { onPrint } from './page/printing.ts';
import { serverTime } from './page/server-clock.ts';
import type { State } from './page/state.ts';
import { Tabs } from './page/tabs.ts';
import { Chooser } from './palette/chooser.ts';
import { Commands } from './palette/commands.ts';
import { Panel } from './panel/panel.ts';
import { Places } from './places/places.ts';
import { Streets } from './places/streets.ts';
import { Folds } from './preferences/folds.ts';
import { Preferences } from './preferences/preferences.ts';
import { SavedViews } from './preferences/saved-views.ts';
import { ReplayBar } from './replay/replay-bar.ts';
import { Replay, replayManner } from './replay/replay.ts';
import { Wall } from './wall/wall.ts';

const seconds = () => performance.now() / 1_000;

/** Puts the screen's parts together: the feed fills the fleet, and map, list and panel show it. */
export class Application {
  private readonly api: Api;
  private readonly session: Session;
  private readonly feed: Feed;
  private readonly sight: Sight;
  private readonly address = new Address();
  private readonly live = new Fleet(seconds);
  private readonly past = new Fleet(seconds, replayManner);
  private readonly places = new Places();
  private readonly streets: Streets;
  private readonly filters = new Filters(this.live, this.places);
  private readonly search: Search;
  private readonly list: VanList;
  private readonly stage: Stage;
  private readonly panel: Panel;
  private readonly chooser = new Chooser();
  private readonly desk: Desk;
  private readonly strip = new EventStrip(this.live);
  private readonly tabs = new Tabs();
  private readonly replay: Replay;
  private readonly replayBar: ReplayBar;
  private readonly outage: Outage;
  private readonly only = onlyOf(location.search);
  private readonly companions = new Companions(new BroadcastChannel('chargecars.selection'), this.only !== undefined);
  private readonly preferences: Preferences;
  private readonly savedViews: SavedViews;
  private shown = this.live;
  private selected: Van | undefined;
  private lookout: Lookout | undefined;
  /** The address is followed when there is a fleet, and follows the page from then on. */
  private phase: 'starting' | 'going' | 'settled' = 'starting';

  constructor(session: Session) {
    const api = new Api(session);
    this.api = api;
    this.session = session;
    this.streets = new Streets(api, () => session.may('places.read'));
    if (this.only) {
      document.body.dataset['only'] = this.only;
      byId('only-title').hidden = false;
    }

    this.preferences = new Preferences(api);
    this.desk = new Desk(api, session, this.live, this.chooser, this.preferences, this.only, place => this.places.write(place));
    this.savedViews = new SavedViews(this.preferences, () => this.address.lasting);
    this.feed = new Feed(session);
    this.sight = new Sight(api, this.feed, this.live);
    const limits = freshnessLimits();
    this.outage = new Outage(this.feed, new Silence(this.live, limits));
    this.replay = new Replay(api, this.past, this.live, limits);
    this.replayBar = new ReplayBar(this.replay);
    const clock = () => (this.replay.isOpen ? this.replay.clock.now : serverTime());
    const passes = (van: Van) => this.filters.passes(van);
    this.list = new VanList(this.live, passes, van => this.placeOf(van), this.desk.store, clock);
    this.stage = new Stage(this.live, seconds, passes, this.only === 'wall', () => this.desk.isCovering);
    this.search = new Search({ filters: this.filters, places: this.places, list: this.list, stage: this.stage, tabs: this.tabs, fleet: () => this.shown });
    this.panel = new Panel(api, session, this.places, van => this.streetOf(van), this.desk.store, clock);
    this.panel.show(this.live, false);
    new Trickle(
      api, () => (this.shown === this.live ? this.list.inSight.filter(van => !this.sight.isWatched(van.vehicle)) : []), items => this.live.move(items));
    this.wireFeed();
    this.wirePage();
    showDemoTime();
    this.wireWindows();
  }

  async start(user: User): Promise<void> {
    byId('app').hidden = false;
    setText(byId('user'), user.name);
    this.feed.start();
    this.desk.go(this.address.state);
    const work = this.desk.start();
    void this.places.load().catch(() => undefined);
    void this.preferences.load().catch(() => undefined);
    this.filters.set(this.address.state.filter);
    this.tabs.show(this.address.state.tab);
    // The map needs the processor for a moment: what lies over it is drawn first.
    if (this.desk.isCovering) {
      await Promise.race([work, this.desk.whenUncovered()]);
    }

    const map = await this.stage.start(this.address.state.camera, () => this.session.token());
    if (map) {
      this.lookout = new Lookout(map, this.feed, () => this.selected && this.live.vans.get(this.selected.id)?.vehicle.currentLocation);
    }
  }

  /** @param how Why the session is over. */
  stop(how: Ending): void {
    // The address stays: who signs in again goes on there.
    this.phase = 'starting';
    this.feed.stop();
    // A modal one would lie over the form to sign in, and be there for who signs in next.
    for (const dialog of document.querySelectorAll<HTMLDialogElement>('dialog[open]')) {
      dialog.close();
    }

    this.outage.end();
    this.replayBar.close();
    this.desk.stop(how === 'left');
    this.select(undefined);
    this.strip.clear();
    this.live.clear();
    this.preferences.clear();
    this.streets.clear();
    byId('app').hidden = true;
  }

  private wireFeed(): void {
    const { feed, live } = this;
    feed.snapshot.on(vehicles => {
      live.replaceAll(vehicles);
      if (this.phase === 'starting') {
        this.go(this.address.state);
      }

      // No change tells of what happened meanwhile.
      this.panel.reload();
      this.desk.reload();
      void this.preferences.load().catch(() => undefined);
    });
    feed.refreshed.on(vehicles => live.refresh(vehicles));
    feed.seen.on(({ area, vehicles }) => live.see(area, vehicles));
    feed.positions.on(items => live.move(items));
    live.moved.on(van => van.id === this.selected?.id && !this.sight.isWatched(van.vehicle) && this.lookout?.soon());
    feed.change.on(change => {
      this.desk.follow(change);
      if (!isOfFleet(change)) {
        return;
      }

      live.apply(change);
      this.strip.add(change);
      this.panel.onChange(change);
      if (change.type === 'vehicle.positions_removed') {
        if (this.replay.isOpen) {
          this.replay.jump(this.replay.clock.now);
        }

        void this.sight.placeAnew(change.entityId, change.entityId === this.selected?.id);
      } else if (change.type === 'vehicle.deleted' && change.entityId === this.selected?.id && this.shown === live) {
        this.select(undefined);
      }
    });
    feed.earlier.on(changes => this.strip.remember(changes.filter(isOfFleet)));
    this.outage.changed.on(isCut => this.panel.cut(isCut));
    for (const fleet of [this.live, this.past]) {
      fleet.reset.on(() => this.onReset(fleet));
    }
  }

  private wirePage(): void {
    const badge = new Badge(this.feed);
    this.replay.changed.on(() => {
      const moment = this.replay.isOpen ? this.replay.clock.now : undefined;
      badge.showMoment(moment);
      this.desk.lookAt(moment, this.replay.clock.running);
      this.note({ moment });
    });
    this.filters.changed.on(filter => this.note({ filter }));
    this.search.chosen.on(van => this.choose(van));
    this.list.chosen.on(van => this.choose(van));
    this.stage.chosen.on(van => this.choose(van, false));
    this.stage.missed.on(() => this.select(undefined));
    this.stage.rested.on(camera => this.note({ camera }));
    this.strip.chosen.on(id => this.choose(this.shown.vans.get(id)));
    this.panel.closed.on(() => this.select(undefined));
    this.panel.track.shown.on(fixes => this.stage.draw(fixes));
    this.panel.trips.changed.on(trips => this.stage.drawTrips(trips));
    this.panel.trips.chosen.on(trip => {
      this.tabs.show('map');
      this.stage.chooseTrip(trip);
    });
    this.panel.track.framed.on(fixes => {
      this.tabs.show('map');
      this.stage.frameWay(fixes);
    });
    this.desk.noted.on(part => this.note(part));
    this.desk.uncovered.on(() => this.stage.wake());
    this.desk.placed.on(card => this.stage.pin(card && typeof card.latitude === 'number' && typeof card.longitude === 'number' ? { latitude: card.latitude, longitude: card.longitude } : undefined));
    this.desk.vanChosen.on(id => this.choose(this.shown.vans.get(id)));
    this.panel.workChosen.on(work => this.desk.choose(work));
    this.replayBar.opened.on(open => this.switchTo(open ? this.past : this.live));
    this.tabs.changed.on(tab => this.note({ tab }));
    // Before there is a fleet it is only kept.
    this.address.asked.on(state => this.phase !== 'starting' && this.go(state));
    byId('fit').addEventListener('click', () => this.fit());
    byId('skip').addEventListener('click', event => {
      event.preventDefault();
      if (!this.list.focus()) {
        this.tabs.show('fleet');
        this.list.focus();
      }
    });
    onPrint(() => {
      this.list.drawWhole(true);
      this.stage.copyTo(byId<HTMLCanvasElement>('map-print'));
    }, () => this.list.drawWhole(false));
    this.wireCommands();
  }

  private wireCommands(): void {
    new Commands({
      api: this.api, chooser: this.chooser, desk: this.desk, filters: this.filters, list: this.list, places: this.places, replayBar: this.replayBar,
      savedViews: this.savedViews, search: this.search, stage: this.stage, tabs: this.tabs, fleet: () => this.shown,
      choose: id => this.choose(this.shown.vans.get(id)),
      customer: name => this.desk.go({ ...this.address.state, view: 'board', sought: name }),
      show: address => this.show(address),
      fit: () => this.fit(),
      close: () => (this.desk.hasWork ? this.desk.back() : this.selected ? this.select(undefined) : this.replayBar.close()),
    });
  }

  private wireWindows(): void {
    const folds = new Folds(this.preferences);
    for (const failed of [this.savedViews.failed, folds.failed]) {
      failed.on(text => this.desk.notice.fail(text));
    }

    this.savedViews.wanted.on(address => this.show(address));
    this.companions.asked.on(({ van: id, work }) => {
      if (this.phase !== 'settled') {
        return;
      }

      const van = id ? this.shown.vans.get(id) : undefined;
      if (van) {
        this.choose(van);
      } else {
        this.select(undefined);
      }

      this.desk.choose(work);
    });
    if (this.only === 'wall') {
      new Wall(this.live, this.desk.store, () => this.desk.wallAlerts(), () => this.fit());
    }
  }

  /** Shows what an address says, as if the reader had typed it. */
  private show(address: string): void {
    location.hash = address;
  }

  private fit(): void {
    this.tabs.show('map');
    this.stage.frame([...this.shown.vans.values()]);
  }

  private note(part: Partial<State>): void {
    // What is looked for before the fleet is there is looked for when it is.
    if (this.phase === 'going' || (this.phase === 'starting' && !('filter' in part))) {
      return;
    }

    this.address.set(part);
    if ('van' in part || 'work' in part) {
      this.companions.tellSoon(() => this.address.state);
    }
  }

  /** Shows what an address says. */
  private go(state: State): void {
    const { filter, tab, van: id, camera, moment } = state;
    this.phase = 'going';
    this.desk.go(state);
    this.filters.set(filter);
    const van = id ? this.shown.vans.get(id) : undefined;
    if (van) {
      this.choose(van, !camera);
    } else {
      this.select(undefined);
    }

    if (moment === undefined) {
      this.replayBar.close();
    } else {
      this.replayBar.open(moment);
    }

    this.tabs.show(tab);
    if (camera) {
      this.stage.look(camera);
    }

    this.phase = 'settled';
    // The van may be there no more.
    this.address.amend({ van: this.selected?.id });
  }

  private choose(van: Van | undefined, move = true): void {
    if (!van) {
      return;
    }

    this.select(van);
    this.desk.choose(undefined);
    this.tabs.show('map');
    if (move) {
      void this.sight.find(van).then(() => van === this.selected && this.stage.goTo(van));
    }
  }

  private select(van: Van | undefined): void {
    const before = this.selected;
    this.selected = van;
    this.note({ van: van?.id });
    this.list.select(van);
    this.stage.select(van);
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

    this.stage.place();
    const same = this.selected && fleet.vans.get(this.selected.id);
    if (same && same !== this.selected) {
      this.selected = same;
      this.list.select(same);
      this.stage.select(same);
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
    this.stage.show(fleet);
    this.onReset(fleet);
    this.panel.reload();
  }

  /** The street that a van is in; of the past none is asked for. */
  private streetOf({ id, vehicle }: Van): string | undefined {
    return this.shown === this.live ? this.streets.of(id, vehicle.currentLocation) : undefined;
  }

  private placeOf(van: Van): string | undefined {
    const { currentLocation } = van.vehicle;
    return this.streetOf(van) ?? (currentLocation ? this.places.write(currentLocation) : undefined);
  }
}

/** Whether something happened to a van or an area; the desk takes note of the rest. */
function isOfFleet({ entityType }: Change): boolean {
  return entityType === 'vehicle' || entityType === 'geofence' || entityType === 'crossing';
}
