import type { Key } from '../i18n/en.ts';

/** Something that a key does, wherever the focus is. */
export interface Shortcut {
  /** As a keyboard event names it. */
  readonly key: string;
  readonly text: Key;
  readonly run: () => void;
}

const setting = 'chargecars.keys';
/** Fields that letters are no text for. */
const wordless = 'input[type=range], input[type=checkbox], input[type=radio]';

/** The keys of the page. Those of one sign can be switched off: who dictates says them without meaning them. */
export class Keys {
  readonly shortcuts: readonly Shortcut[];

  private readonly close: () => void;
  private isOn = kept();

  /** @param close What Escape does. */
  constructor(shortcuts: readonly Shortcut[], close: () => void) {
    this.shortcuts = shortcuts;
    this.close = close;
    addEventListener('keydown', event => this.onKey(event));
  }

  get areOn(): boolean {
    return this.isOn;
  }

  set areOn(on: boolean) {
    this.isOn = on;
    try {
      localStorage.setItem(setting, on ? 'on' : 'off');
    } catch {
      // Then the choice lasts as long as the page.
    }
  }

  private onKey(event: KeyboardEvent): void {
    const { target } = event;
    // A dialog has the page's attention, and closes by itself.
    if (event.defaultPrevented || document.querySelector('dialog[open]')) {
      return;
    }

    if (event.key === 'Escape') {
      // In a search field it takes away what was typed, and no more.
      if (!(target instanceof HTMLInputElement && target.type === 'search' && target.value !== '')) {
        this.close();
      }

      return;
    }

    const isWriting = target instanceof Element && target.matches('input, select, textarea') && !target.matches(wordless);
    const shortcut = this.isOn && !isWriting && !event.ctrlKey && !event.metaKey && !event.altKey
      ? this.shortcuts.find(({ key }) => key === event.key.toLowerCase())
      : undefined;
    if (shortcut) {
      event.preventDefault();
      shortcut.run();
    }
  }
}

function kept(): boolean {
  try {
    return localStorage.getItem(setting) !== 'off';
  } catch {
    return true;
  }
}
