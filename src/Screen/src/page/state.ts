import { freshnesses, statuses, type Freshness, type Status } from '../api/types.ts';
import { everything, type Filter } from '../fleet/filter.ts';

/** What the stage shows: the map, or a list of work over it. */
export const views = ['map', 'board', 'day', 'inbox', 'calls', 'alerts'] as const;
export type View = (typeof views)[number];

/** A piece of work that is open in the panel, over the van that is open. */
export interface Work {
  readonly kind: 'visit' | 'order' | 'thread';
  readonly id: string;
}

/** The visits of the board as cards in columns, or as rows under one another. */
export type Manner = 'cards' | 'list';

/** By what those rows can be put in order; each is a column. */
export const sorts = ['urgency', 'number', 'type', 'customer', 'city', 'time', 'minutes', 'who', 'status'] as const;
export type Sort = (typeof sorts)[number];

export interface Sorting {
  readonly by: Sort;
  readonly isDown: boolean;
}

export const byDefault: Sorting = { by: 'urgency', isDown: false };

/** What fills a narrow window; a wide one shows all of it. */
export type Tab = 'map' | 'fleet' | 'events';

export interface Camera {
  readonly zoom: number;
  readonly latitude: number;
  readonly longitude: number;
}

/** Everything that the page shows, so that a reload, a bookmark and a colleague get the same. */
export interface State {
  readonly view: View;
  readonly tab: Tab;
  readonly filter: Filter;
  /** The van that is open. */
  readonly van: string | undefined;
  readonly work: Work | undefined;
  /** The day of the work that is shown, such as 2026-12-01; undefined: today. */
  readonly day: string | undefined;
  /** What narrows the work that is shown. */
  readonly sought: string;
  /** How the board shows the visits; undefined: as many as there are. */
  readonly manner: Manner | undefined;
  /** In which order the board's list has them. */
  readonly sorting: Sorting;
  /** Undefined: the whole fleet. */
  readonly camera: Camera | undefined;
  /** Of the past, ms since 1970; undefined: now. */
  readonly moment: number | undefined;
}

export const start: State = {
  view: 'map', tab: 'map', filter: everything, van: undefined, work: undefined, day: undefined, sought: '', manner: undefined, sorting: byDefault, camera: undefined, moment: undefined,
};

// The address is in one language, so that a reader of the other one can use it too.
const viewWords: Readonly<Record<View, string>> = { map: 'kaart', board: 'orders', day: 'dag', inbox: 'berichten', calls: 'bellen', alerts: 'meldingen' };
const workWords: Readonly<Record<Work['kind'], string>> = { visit: 'bezoek', order: 'order', thread: 'gesprek' };
const mannerWords: Readonly<Record<Manner, string>> = { cards: 'kaarten', list: 'lijst' };
const sortWords: Readonly<Record<Sort, string>> = {
  urgency: 'urgentie', number: 'nummer', type: 'soort', customer: 'klant', city: 'plaats', time: 'tijd', minutes: 'duur', who: 'ploeg', status: 'status',
};
const tabs = { map: 'kaart', fleet: 'bussen', events: 'meldingen' } as const;
const statusWords: Readonly<Record<Status, string>> = { driving: 'rijdt', on_site: 'op-locatie', parked: 'geparkeerd', maintenance: 'onderhoud' };
const freshnessWords: Readonly<Record<Freshness, string>> = { live: 'actueel', stale: 'verouderd', offline: 'offline', unknown: 'geen' };

/** The part of the address behind its #, such as <c>#/kaart?status=rijdt&z=12/52.1/5.1</c>. */
export function write({ view, tab, filter, van, work, day, sought, manner, sorting, camera, moment }: State): string {
  const parts = [
    filter.text && `zoek=${encodeURIComponent(filter.text)}`,
    listOf('status', statuses.filter(status => filter.statuses.has(status)).map(status => statusWords[status])),
    listOf('signaal', freshnesses.filter(freshness => filter.freshnesses.has(freshness)).map(freshness => freshnessWords[freshness])),
    (van || work) && `sel=${[van && `bus:${van}`, work && `${workWords[work.kind]}:${work.id}`].filter(Boolean).join()}`,
    day && `dag=${day}`,
    sought && `werk=${encodeURIComponent(sought)}`,
    manner && `als=${mannerWords[manner]}`,
    (sorting.by !== byDefault.by || sorting.isDown) && `orde=${sorting.isDown ? '-' : ''}${sortWords[sorting.by]}`,
    camera && `z=${round(camera.zoom, 2)}/${round(camera.latitude, 5)}/${round(camera.longitude, 5)}`,
    moment !== undefined && `moment=${new Date(Math.floor(moment / 1_000) * 1_000).toISOString().replace('.000', '')}`,
    tab !== 'map' && `tab=${tabs[tab]}`,
  ].filter(Boolean);
  return `#/${viewWords[view]}${parts.length ? `?${parts.join('&')}` : ''}`;
}

/** What an address says; what it says that is nothing is passed over. Undefined for an address that is none of ours. */
export function read(hash: string): State | undefined {
  const [path, query = ''] = hash.split('?', 2) as [string, string?];
  if (path !== '' && path !== '#' && !path.startsWith('#/')) {
    return undefined;
  }

  const values = new URLSearchParams(query);
  const chosen = (values.get('sel') ?? '').split(',').flatMap(part => {
    const [, kind, id] = /^([a-z]+):([0-9a-f-]{36})$/.exec(part) ?? [];
    return kind && id ? [{ kind, id }] : [];
  });
  const work = chosen.map(({ kind, id }) => ({ kind: nameOf(workWords, kind), id })).find(({ kind }) => kind);
  return {
    view: nameOf(viewWords, path.replace(/^#?\/?/, '')) ?? 'map',
    tab: nameOf(tabs, values.get('tab')) ?? 'map',
    filter: {
      text: values.get('zoek')?.trim() ?? '',
      statuses: namesOf(statusWords, values.get('status')),
      freshnesses: namesOf(freshnessWords, values.get('signaal')),
    },
    van: chosen.find(({ kind }) => kind === 'bus')?.id,
    work: work?.kind ? { kind: work.kind, id: work.id } : undefined,
    day: /^\d{4}-\d{2}-\d{2}$/.exec(values.get('dag') ?? '')?.[0],
    sought: values.get('werk')?.trim() ?? '',
    manner: nameOf(mannerWords, values.get('als')),
    sorting: sortingOf(values.get('orde')),
    camera: cameraOf(values.get('z')),
    moment: momentOf(values.get('moment')),
  };
}

function listOf(name: string, words: readonly string[]): string {
  return words.length ? `${name}=${words.join()}` : '';
}

function namesOf<T extends string>(words: Readonly<Record<T, string>>, list: string | null): ReadonlySet<T> {
  return new Set((list ?? '').split(',').flatMap(word => nameOf(words, word) ?? []));
}

function nameOf<T extends string>(words: Readonly<Record<T, string>>, word: string | null): T | undefined {
  return (Object.keys(words) as T[]).find(name => words[name] === word);
}

function sortingOf(text: string | null): Sorting {
  const by = sorts.find(sort => sortWords[sort] === text?.replace(/^-/, ''));
  return by ? { by, isDown: text!.startsWith('-') } : byDefault;
}

function cameraOf(text: string | null): Camera | undefined {
  const [zoom, latitude, longitude] = (text ?? '').split('/').map(part => (part.trim() === '' ? NaN : Number(part))) as [number, number?, number?];
  return zoom >= 0 && zoom <= 24 && Math.abs(latitude ?? NaN) <= 85 && Math.abs(longitude ?? NaN) <= 180
    ? { zoom, latitude: latitude!, longitude: longitude! }
    : undefined;
}

function momentOf(text: string | null): number | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : at;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
