import type { Api } from '../api/client.ts';
import type { Desk } from '../desk/desk.ts';
import { everything } from '../fleet/filter.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { language, setLanguage, t } from '../i18n/language.ts';
import type { Filters } from '../list/filters.ts';
import type { VanList } from '../list/list.ts';
import type { Search } from '../list/search.ts';
import { toggleTheme } from '../map/palette.ts';
import type { Stage } from '../map/stage.ts';
import { byId } from '../page/dom.ts';
import { KeySheet } from '../page/key-sheet.ts';
import { Keys } from '../page/keys.ts';
import { openOnly } from '../page/only.ts';
import type { Tabs } from '../page/tabs.ts';
import type { Places } from '../places/places.ts';
import type { SavedViews } from '../preferences/saved-views.ts';
import type { ReplayBar } from '../replay/replay-bar.ts';
import type { Chooser } from './chooser.ts';
import { paletteOf } from './palette.ts';

interface Parts {
  readonly api: Api;
  readonly chooser: Chooser;
  readonly desk: Desk;
  readonly filters: Filters;
  readonly list: VanList;
  readonly places: Places;
  readonly replayBar: ReplayBar;
  readonly savedViews: SavedViews;
  readonly search: Search;
  readonly stage: Stage;
  readonly tabs: Tabs;
  /** The fleet that is shown. */
  readonly fleet: () => Fleet;
  /** Opens a van. */
  readonly choose: (id: string) => void;
  /** Shows what is done for a customer. */
  readonly customer: (name: string) => void;
  /** Shows what an address says. */
  readonly show: (address: string) => void;
  /** Brings the whole fleet into view. */
  readonly fit: () => void;
  /** What Escape does: what lies on top is closed. */
  readonly close: () => void;
}

/** What the page can do, by keys and by name. */
export class Commands {
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
    const { desk, list, replayBar, savedViews, search, stage } = parts;
    const sheet: KeySheet = new KeySheet(new Keys([
      { key: '/', text: 'keySearch', run: () => search.seek() },
      { key: 'j', text: 'keyNext', run: () => list.step(1) },
      { key: 'k', text: 'keyPrevious', run: () => list.step(-1) },
      { key: 'f', text: 'follow', run: () => stage.toggleFollow() },
      { key: '0', text: 'fitFleet', run: parts.fit },
      { key: 'r', text: 'keyReplay', run: () => replayBar.toggle() },
      ...desk.shortcuts(),
      ...savedViews.shortcuts(),
      { key: 'k', text: 'palette', isControl: true, run: () => this.openPalette() },
      { key: '?', text: 'keySheet', run: () => sheet.open() },
    ], parts.close));
    byId('palette-open').addEventListener('click', () => this.openPalette());
  }

  private openPalette(): void {
    const { api, chooser, desk, filters, places, replayBar, savedViews, stage, fleet, choose, customer, show, fit } = this.parts;
    chooser.open(t('palette'), paletteOf(api, fleet, places, desk.store, {
      van: choose,
      town: town => {
        this.showMap();
        stage.goToTown(town);
      },
      work: work => desk.choose(work),
      place: place => {
        this.showMap();
        stage.goToPlace(place);
      },
      customer,
      actions: () => [
        ...desk.shortcuts().map(({ text, run }) => ({ title: t(text), run })),
        { title: t('fitFleet'), run: fit },
        { title: t('clearFilters'), run: () => filters.set(everything) },
        { title: t('keyReplay'), run: () => replayBar.toggle() },
        { title: t('theme'), run: toggleTheme },
        ...savedViews.all.map(({ name, address }) => ({ title: name, kind: t('savedView'), run: () => show(address) })),
        { title: t('openWall'), run: () => openOnly('wall', '#/kaart') },
        { title: t('languageName'), run: () => setLanguage(language() === 'nl' ? 'en' : 'nl') },
      ],
    }));
  }

  private showMap(): void {
    this.parts.desk.show('map');
    this.parts.tabs.show('map');
  }
}
