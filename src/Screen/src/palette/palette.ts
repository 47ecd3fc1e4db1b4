import type { Api } from '../api/client.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { t, word } from '../i18n/language.ts';
import type { Places } from '../places/places.ts';
import { lineOf, type Address } from '../places/streets.ts';
import type { Town } from '../places/towns.ts';
import type { Work } from '../page/state.ts';
import type { WorkStore } from '../work/store.ts';
import type { Choice, Source } from './chooser.ts';

interface Hit {
  readonly type: string;
  readonly id: string;
  readonly title: string;
  readonly subtitle?: string | null;
}

interface Ways {
  readonly van: (id: string) => void;
  readonly town: (town: Town) => void;
  readonly work: (work: Work) => void;
  /** An address is to be seen on the map. */
  readonly place: (place: Address) => void;
  /** What the page itself can do, by name. */
  readonly actions: () => readonly Choice[];
  /** What is done for a customer. */
  readonly customer: (name: string) => void;
}

/** Shown of the vans that are on the page. */
const mostVans = 6;
const shortest = 2;
/** Fewer letters are the beginning of too many streets. */
const shortestAddress = 4;
const mostAddresses = 4;

/** One field for everything: vans, towns, what the page can do, and what the server finds among orders, customers and the rest. */
export function paletteOf(api: Api, fleet: () => Fleet, places: Places, store: WorkStore, ways: Ways): Source {
  return async (typed, signal) => {
    const text = typed.toLowerCase();
    const actions = ways.actions().filter(({ title }) => !text || title.toLowerCase().includes(text));
    if (!text) {
      return actions;
    }

    const vans: Choice[] = [...fleet().vans.values()]
      .filter(({ vehicle }) => `${vehicle.licensePlate} ${vehicle.licensePlate.replaceAll('-', '')} ${vehicle.vehicleName ?? ''} ${crewOf(store, vehicle.id)}`.toLowerCase().includes(text))
      .slice(0, mostVans)
      .map(({ id, vehicle }) => ({ title: vehicle.licensePlate, detail: [crewOf(store, id), t(vehicle.operationalStatus)].filter(Boolean).join(' · '), kind: t('type.van'), run: () => ways.van(id) }));
    const towns: Choice[] = places.find(typed, 3).map(town => ({ title: town.name, kind: t('town'), run: () => ways.town(town) }));
    // What the server does not find, or may not tell, is left out; a question that was overtaken is given up.
    const ask = <T>(path: string, take: (items: readonly T[]) => Choice[]) => api.get<{ readonly items: readonly T[] }>(path, signal).then(({ items }) => take(items), (fault: unknown) => {
      if (signal.aborted) {
        throw fault;
      }

      return [];
    });
    const sought = encodeURIComponent(typed.slice(0, 100));
    const [found, addresses] = await Promise.all([
      text.length < shortest ? [] : ask<Hit>(`/api/search?q=${sought}&limit=20`, items => items.flatMap(hit => choiceOf(hit, ways))),
      text.length < shortestAddress ? [] : ask<Address>(`/api/places?q=${sought}&limit=${mostAddresses}`, items => items.map(place => (
        { title: lineOf(place), detail: place.postalCode ?? undefined, kind: t('address'), run: () => ways.place(place) }))),
    ]);
    return [...vans, ...found, ...towns, ...addresses, ...actions];
  };
}

function crewOf(store: WorkStore, vehicleId: string): string {
  return store.crewOf({ vehicleId })?.members.map(({ name }) => name).join(', ') ?? '';
}

function choiceOf({ type, id, title, subtitle }: Hit, ways: Ways): Choice[] {
  const told = { title, detail: subtitle ?? undefined, kind: word('found.', type) };
  switch (type) {
    case 'order': return [{ ...told, run: () => ways.work({ kind: 'order', id }) }];
    case 'visit': return [{ ...told, run: () => ways.work({ kind: 'visit', id }) }];
    case 'communication_thread': return [{ ...told, run: () => ways.work({ kind: 'thread', id }) }];
    case 'organization': return [{ ...told, run: () => ways.customer(title) }];
    default: return [];
  }
}
