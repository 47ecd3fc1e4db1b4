import { day, number, weekday } from '../i18n/format.ts';
import { t, word } from '../i18n/language.ts';

interface Hours {
  readonly windows: readonly { readonly days: readonly string[]; readonly from: string; readonly to: string }[];
}

const asText = (value: unknown) => String(value);
const asDate = (value: unknown) => day(String(value));
const yesOrNo = (value: unknown) => t(value === true ? 'yes' : 'no');

/** How a value of each of a vehicle's fields is written. */
export const fields: Readonly<Record<string, (value: unknown) => string>> = {
  licensePlate: asText,
  vehicleName: asText,
  vehicleType: value => word('type.', asText(value)),
  brandModel: asText,
  year: asText,
  uluVehicleId: asText,
  deviceId: asText,
  equipmentList: value => pieces((value as { equipment?: readonly unknown[] }).equipment?.length ?? 0),
  mileageKm: value => `${number(Number(value))} km`,
  insuranceExpiry: asDate,
  maintenanceDue: asDate,
  lastMaintenanceDate: asDate,
  isActive: yesOrNo,
  isAvailable: yesOrNo,
  operationalStatus: value => word('', asText(value)),
  workingHours: value => (value as Hours).windows.map(({ days, from, to }) => `${days.map(weekday).join(' ')} ${from.slice(0, 5)}–${to.slice(0, 5)}`).join(', '),
};

/** Fields that say nothing to a reader. */
export const silentFields: ReadonlySet<string> = new Set(['id', 'version', 'createdAt', 'updatedAt', 'currentVisitId']);

/** What a field was, and what it became. */
export function stepOf(name: string, before: unknown, after: unknown): string {
  return t('step', { from: show(name, before), to: show(name, after) });
}

function show(name: string, value: unknown): string {
  return value === null || value === undefined ? (name === 'workingHours' ? t('always') : '–')
    : fields[name]?.(value) ?? (typeof value === 'object' ? '…' : word('', String(value)));
}

function pieces(n: number): string {
  return n === 1 ? t('onePiece') : t('pieces', { n: number(n) });
}
