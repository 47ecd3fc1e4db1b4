import type { MapConfiguration } from '../map/style.ts';

/** What the host tells the page, in its head. */
export function mapConfiguration(): MapConfiguration {
  const text = document.querySelector<HTMLMetaElement>('meta[name=chargecars-map]')?.content;
  return text ? (JSON.parse(text) as MapConfiguration) : {};
}
