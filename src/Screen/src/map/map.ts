import { AttributionControl, Map as GlMap, ScaleControl, setWorkerUrl, type LngLatBoundsLike, type StyleSpecification } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs';
import { languageChanged, t } from '../i18n/language.ts';
import { loadOutlines, type Outlines } from './outlines.ts';
import { scaleChanged } from '../page/scale.ts';
import { themeChanged } from './palette.ts';
import { serveStreets } from './street-file.ts';
import { outlineStyle, type MapConfiguration } from './style.ts';

const netherlands: LngLatBoundsLike = [3.2, 50.7, 7.3, 53.6];
/** As far as the outlines go. */
const world: LngLatBoundsLike = [-3, 48, 13, 56.5];

/** The map of the page, without anything on it; null where the browser can't draw one. @param token By which the host's own streets are read. */
export async function createMap(container: HTMLElement, configuration: MapConfiguration, token: () => Promise<string>): Promise<GlMap | null> {
  setWorkerUrl(workerUrl);
  if (configuration.file) {
    serveStreets(configuration.file, token);
  }

  const outlines = configuration.style ? undefined : await loadOutlines();
  const style = (): StyleSpecification | string => (outlines ? outlineStyle(outlines, configuration) : configuration.style!);
  let map: GlMap;
  try {
    map = new GlMap({
      container,
      style: style(),
      bounds: netherlands,
      minZoom: 5,
      maxZoom: 18,
      // North is up: a van's direction is its own.
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      // Labels that fade in and out would never come to rest among moving vans.
      fadeDuration: 0,
      attributionControl: false,
      ...(outlines ? { maxBounds: world } : {}),
    });
  } catch {
    return null;
  }

  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new AttributionControl({ compact: true, ...(configuration.attribution ? { customAttribution: configuration.attribution } : {}) }), 'bottom-left');
  map.addControl(new ScaleControl({ maxWidth: 90 }), 'bottom-left');
  const name = () => map.getCanvas().setAttribute('aria-label', t('mapName'));
  name();
  languageChanged.on(name);
  if (outlines) {
    themeChanged.on(() => recolour(map, outlines, configuration));
    scaleChanged.on(() => enlarge(map, outlines, configuration));
  }

  await new Promise<void>(resolve => map.once('style.load', () => resolve()));
  return map;
}

/** Its names in another size. */
function enlarge(map: GlMap, outlines: Outlines, configuration: MapConfiguration): void {
  for (const layer of outlineStyle(outlines, configuration).layers) {
    if (layer.type === 'symbol') {
      map.setLayoutProperty(layer.id, 'text-size', layer.layout?.['text-size']);
    }
  }
}

/** The map's own layers in the other colours; what lies on it stays. */
function recolour(map: GlMap, outlines: Outlines, configuration: MapConfiguration): void {
  for (const layer of outlineStyle(outlines, configuration).layers) {
    for (const [name, value] of Object.entries('paint' in layer ? layer.paint ?? {} : {})) {
      map.setPaintProperty(layer.id, name as never, value as never);
    }
  }
}
