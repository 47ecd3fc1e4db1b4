import { byId } from './dom.ts';
import { Signal } from './signal.ts';
import type { Tab } from './state.ts';

/** On a narrow window one thing at a time is shown; on a wide one this changes nothing. */
export class Tabs {
  readonly changed = new Signal<Tab>();

  private readonly buttons = new Map<Tab, HTMLElement>();

  constructor() {
    for (const tab of ['map', 'fleet', 'events'] as const) {
      const button = byId(`tab-${tab}`);
      button.addEventListener('click', () => this.show(tab));
      this.buttons.set(tab, button);
    }

    this.show('map');
  }

  /** For a reader whose place is gone. */
  focus(): void {
    this.buttons.get(document.body.dataset['tab'] as Tab)?.focus();
  }

  show(tab: Tab): void {
    document.body.dataset['tab'] = tab;
    this.buttons.forEach((button, name) => (button.ariaPressed = String(name === tab)));
    this.changed.emit(tab);
  }
}
