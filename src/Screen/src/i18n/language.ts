import { Signal } from '../page/signal.ts';
import { en, type Key } from './en.ts';
import { nl } from './nl.ts';

export type Language = 'nl' | 'en';

const key = 'chargecars.language';
const words = { en, nl };

let current: Language = chosen();

/** The language was switched: write again what was written. */
export const languageChanged = new Signal();

export function language(): Language {
  return current;
}

export function setLanguage(next: Language): void {
  current = next;
  try {
    localStorage.setItem(key, next);
  } catch {
    // Then the choice lasts as long as the page.
  }

  writePage();
  languageChanged.emit();
}

/** A text in the reader's language, its {names} filled in. */
export function t(name: Key, values: Readonly<Record<string, string | number>> = {}): string {
  return fill(words[current][name], values);
}

/** The text of a name that the server made up; the name itself, legibly, when there is none. */
export function word(prefix: string, name: string, values: Readonly<Record<string, string | number>> = {}): string {
  const full = `${prefix}${name}`;
  return full in en ? t(full as Key, values) : name.replaceAll(/[._]/g, ' ');
}

/** Fills what index.html marks with data-text, data-label and data-hint. */
export function writePage(): void {
  document.documentElement.lang = current;
  document.title = t('title');
  for (const [attribute, write] of marks) {
    for (const element of document.querySelectorAll<HTMLElement>(`[data-${attribute}]`)) {
      write(element, t(element.dataset[attribute] as Key));
    }
  }
}

const marks: readonly [string, (element: HTMLElement, text: string) => void][] = [
  ['text', (element, text) => (element.textContent = text)],
  ['label', (element, text) => {
    element.setAttribute('aria-label', text);
    element.title = text;
  }],
  ['hint', (element, text) => element.setAttribute('placeholder', text)],
];

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

function chosen(): Language {
  try {
    const kept = localStorage.getItem(key);
    if (kept === 'nl' || kept === 'en') {
      return kept;
    }
  } catch {
    // Storage may be switched off.
  }

  return navigator.languages.some(name => name.startsWith('nl')) ? 'nl' : 'en';
}
