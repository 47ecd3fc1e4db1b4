import type { Key } from '../i18n/en.ts';

/** Something that a key does, wherever the focus is. */
export interface Shortcut {
  /** As a keyboard event names it; two with a space between them are pressed one after the other. */
  readonly key: string;
  /** With Ctrl or the command key: these work in fields too, and when those of one sign are off. */
  readonly isControl?: boolean;
  /** Where it has a meaning; everywhere, where this is left out. */
  readonly isFor?: () => boolean;
  readonly text: Key;
  /** As the sheet of keys has it; the key where this is left out, nothing where it is empty. */
  readonly shown?: string;
  readonly run: () => void;
}

const setting = 'chargecars.keys';
/** The second of two keys comes so soon after the first, ms. */
const inTime = 1_200;
/** Fields that letters are no text for. */
const wordless = 'input[type=range], input[type=checkbox], input[type=radio]';

/** The keys of the page. Those of one sign can be switched off: who dictates says them without meaning them. */
export class Keys {
  readonly shortcuts: readonly Shortcut[];

  private readonly close: () => void;
  private isOn = kept();
  private before = '';
  private beforeAt = 0;

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

    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      const isText = target instanceof Element && target.matches('input, textarea') && !target.matches(wordless);
      // In a field Ctrl+Z is the field's.
      const found = this.shortcuts.find(shortcut => shortcut.isControl && shortcut.key === key && (key !== 'z' || !isText));
      if (found) {
        event.preventDefault();
        found.run();
      }

      return;
    }

    const isWriting = target instanceof Element && target.matches('input, select, textarea') && !target.matches(wordless);
    if (!this.isOn || isWriting || event.altKey) {
      return;
    }

    const pair = event.timeStamp - this.beforeAt < inTime ? `${this.before} ${key}` : '';
    const usable = this.shortcuts.filter(({ isControl, isFor }) => !isControl && (isFor?.() ?? true));
    const shortcut = usable.find(({ key: of }) => of === pair) ?? usable.find(({ key: of }) => of === key);
    [this.before, this.beforeAt] = [shortcut?.key === pair ? '' : key, event.timeStamp];
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
