import type { View } from './state.ts';

/** A window that shows one thing and nothing around it: for a second monitor, or a screen on the wall. */
export type Only = 'map' | 'day' | 'board' | 'wall';

/** As the window's address has it: `?only=dag`. */
const words: Readonly<Record<string, Only>> = { map: 'map', kaart: 'map', dag: 'day', orders: 'board', wand: 'wall' };
const names: Readonly<Record<Only, string>> = { map: 'map', day: 'dag', board: 'orders', wall: 'wand' };

/** What a window shows alone by its address; undefined: all. */
export function onlyOf(search: string): Only | undefined {
  return words[new URLSearchParams(search).get('only') ?? ''];
}

/** The view of such a window; it has no other. */
export function viewOf(only: Only): View {
  return only === 'wall' ? 'map' : only;
}

/** What a view's own window is called; undefined for one that has none. */
export function onlyFor(view: View): Only | undefined {
  return view === 'map' || view === 'day' || view === 'board' ? view : undefined;
}

/** Opens it in a window of its own, or brings the one that is there to the front. @param hash What it shows, as in the page's address. */
export function openOnly(only: Only, hash: string): void {
  window.open(`/?only=${names[only]}${hash}`, `chargecars-${names[only]}`);
}
