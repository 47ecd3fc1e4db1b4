import { isEverything } from '../fleet/filter.ts';
import type { Fleet, Van } from '../fleet/fleet.ts';
import type { Stage } from '../map/stage.ts';
import { Signal } from '../page/signal.ts';
import type { Tabs } from '../page/tabs.ts';
import type { Places } from '../places/places.ts';
import type { Filters } from './filters.ts';
import type { VanList } from './list.ts';
import { OutOfView } from './out-of-view.ts';
import { TownButtons } from './town-buttons.ts';

interface Parts {
  readonly filters: Filters;
  readonly places: Places;
  readonly list: VanList;
  readonly stage: Stage;
  readonly tabs: Tabs;
  /** The fleet that is shown. */
  readonly fleet: () => Fleet;
}

/** What the reader looks for among the vans: list, map and towns follow it. */
export class Search {
  /** One van is meant. */
  readonly chosen = new Signal<Van>();

  private readonly parts: Parts;
  private readonly towns: TownButtons;
  private readonly outOfView = new OutOfView(() => this.hidden().length);

  constructor(parts: Parts) {
    this.parts = parts;
    const { filters, list, stage, tabs } = parts;
    this.towns = new TownButtons(parts.places);
    filters.changed.on(filter => {
      list.refilter();
      stage.refilter();
      this.towns.write(filter.text);
      this.outOfView.write();
    });
    filters.left.on(() => list.focus());
    filters.entered.on(() => this.enter());
    this.towns.chosen.on(town => {
      tabs.show('map');
      stage.goToTown(town);
    });
    this.outOfView.wanted.on(() => {
      tabs.show('map');
      stage.frame(this.found());
    });
    stage.rested.on(() => this.outOfView.write());
  }

  /** The reader goes on in the field. */
  seek(): void {
    // A narrow window shows the map or the list.
    if (!this.parts.filters.focus()) {
      this.parts.tabs.show('fleet');
      this.parts.filters.focus();
    }
  }

  /** The reader is done with searching: one van that was found is meant, else the list goes on. */
  private enter(): void {
    const found = this.found();
    if (found.length === 1) {
      this.chosen.emit(found[0]!);
    } else if (found.length) {
      this.parts.list.focus();
    } else {
      this.towns.first();
    }
  }

  /** The vans that are looked for; all, where nothing is asked for. */
  private found(): Van[] {
    return [...this.parts.fleet().vans.values()].filter(van => this.parts.filters.passes(van));
  }

  /** Those of them that the map does not show; none, where nothing is asked for. */
  private hidden(): Van[] {
    return isEverything(this.parts.filters.current) ? [] : this.found().filter(van => !this.parts.stage.shows(van));
  }
}
