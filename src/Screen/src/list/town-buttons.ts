import { byId, h, replace } from '../page/dom.ts';
import { icon } from '../page/icons.ts';
import { Signal } from '../page/signal.ts';
import type { Places } from '../places/places.ts';
import type { Town } from '../places/towns.ts';

/** The towns that what is typed may mean: the map goes there. */
export class TownButtons {
  readonly chosen = new Signal<Town>();

  private readonly places: Places;
  private readonly element = byId('towns');

  constructor(places: Places) {
    this.places = places;
  }

  /** Goes to the best known of them. */
  first(): void {
    this.element.querySelector('button')?.click();
  }

  write(text: string): void {
    const found = this.places.find(text);
    this.element.hidden = !found.length;
    replace(this.element, ...found.map(town =>
      h('button.chip', { type: 'button', onclick: () => this.chosen.emit(town) }, icon('locate'), town.name)));
  }
}
