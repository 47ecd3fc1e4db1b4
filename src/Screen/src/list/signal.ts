import type { Van } from '../fleet/fleet.ts';
import { age, ago } from '../i18n/format.ts';
import { t } from '../i18n/language.ts';

/** From then on a speed is told with its age, ms. */
const speedHolds = 60_000;

/** What a row says of a van's signal: how fast it goes, or how long ago it was heard of. @param now Ms since 1970. */
export function signalOf({ vehicle, placedAt }: Pick<Van, 'vehicle' | 'placedAt'>, now: number): string {
  const { freshness, operationalStatus, currentLocation, lastLocationUpdate } = vehicle;
  const speed = currentLocation?.speedKmh;
  if (freshness === 'live' && operationalStatus === 'driving' && speed !== undefined && speed !== null && placedAt) {
    // Of a van out of sight the fix that is known here may be older than the last one.
    const old = now - Date.parse(placedAt);
    const text = t('kmPerHour', { n: Math.round(speed) });
    return old < speedHolds ? text : t('speedThen', { speed: text, age: age(old) });
  }

  return freshness === 'live' || freshness === 'unknown' ? t(`freshness.${freshness}`) : ago(lastLocationUpdate, now);
}
