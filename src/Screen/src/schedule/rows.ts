import type { Fleet } from '../fleet/fleet.ts';
import { columnOf, minutesOf } from '../work/facts.ts';
import type { WorkStore } from '../work/store.ts';
import type { Card, Member } from '../work/types.ts';

/** A crew's day, or that of a van without one. */
export interface Row {
  readonly key: string;
  readonly teamId: string | null;
  readonly vehicleId: string | null;
  readonly name: string;
  readonly plate: string;
  readonly members: readonly Member[];
  readonly cards: readonly Card[];
  readonly minutes: number;
}

const nobody: readonly Member[] = [];

/** A row for each team, then one for each van without a team that has something to do, then what nobody makes. */
export function rowsOf(store: Pick<WorkStore, 'cards' | 'crews' | 'crewOf'>, fleet: Pick<Fleet, 'vans'>): Row[] {
  const planned = [...store.cards.values()].filter(card => card.scheduledStart && card.scheduledEnd && columnOf(card))
    .map(card => [Date.parse(card.scheduledStart!), card] as const).sort(([a, one], [b, other]) => a - b || (one.id < other.id ? -1 : 1)).map(([, card]) => card);
  const [byTeam, byVan, nobodys] = [new Map<string, Card[]>(), new Map<string, Card[]>(), [] as Card[]];
  for (const card of planned) {
    const crew = store.crewOf(card);
    if (crew) {
      put(byTeam, crew.teamId, card);
    } else if (card.vehicleId) {
      put(byVan, card.vehicleId, card);
    } else {
      nobodys.push(card);
    }
  }

  const plateOf = (id: string | null | undefined) => (id && fleet.vans.get(id)?.vehicle.licensePlate) || '';
  const rows = store.crews.map(({ teamId, name, vehicleId, members }): Row =>
    row(`team:${teamId}`, teamId, vehicleId ?? null, name, plateOf(vehicleId), members, byTeam.get(teamId) ?? []));
  const vans = [...byVan].map(([id, cards]) => row(`van:${id}`, null, id, plateOf(id), '', nobody, cards)).sort((a, b) => (a.name < b.name ? -1 : 1));
  return [...rows, ...vans, ...(nobodys.length ? [row('nobody', null, null, '', '', nobody, nobodys)] : [])];
}

/** The visits of a row that are at the same time as another one. */
export function clashesOf({ cards }: Pick<Row, 'cards'>): ReadonlySet<string> {
  const clashes = new Set<string>();
  const taking = cards.filter(({ status }) => status !== 'no_show').map(({ id, scheduledStart, scheduledEnd }) => ({ id, start: Date.parse(scheduledStart!), end: Date.parse(scheduledEnd!) }));
  for (const [i, card] of taking.entries()) {
    for (const other of taking.slice(i + 1)) {
      if (other.start < card.end && card.start < other.end) {
        clashes.add(card.id).add(other.id);
      }
    }
  }

  return clashes;
}

/** The visits whose promise begins before that of the visit before them is over: its line is drawn above that one's. */
export function raisedOf({ cards }: Pick<Row, 'cards'>): ReadonlySet<string> {
  const raised = new Set<string>();
  // Where the lines of either height end.
  const ends: [low: number, high: number] = [-Infinity, -Infinity];
  const promised = cards.filter(card => card.windowStart && card.windowEnd)
    .map(({ id, windowStart, windowEnd }) => ({ id, start: Date.parse(windowStart!), end: Date.parse(windowEnd!) })).sort((a, b) => a.start - b.start);
  for (const { id, start, end } of promised) {
    const height = start < ends[0] && ends[1] < ends[0] ? 1 : 0;
    ends[height] = Math.max(ends[height], end);
    if (height) {
      raised.add(id);
    }
  }

  return raised;
}

/** What nobody of the crew can do; nothing where it is not known what they can. */
export function missingSkills({ requiredSkills }: Pick<Card, 'requiredSkills'>, { members }: Pick<Row, 'members'>): string[] {
  return members.length ? requiredSkills.filter(skill => !members.some(member => member.skills.includes(skill))) : [];
}

function row(
  key: string, teamId: string | null, vehicleId: string | null, name: string, plate: string, members: readonly Member[], cards: readonly Card[]): Row {
  return { key, teamId, vehicleId, name, plate, members, cards, minutes: cards.reduce((sum, card) => sum + minutesOf(card), 0) };
}

function put(map: Map<string, Card[]>, key: string, card: Card): void {
  const list = map.get(key);
  if (list) {
    list.push(card);
  } else {
    map.set(key, [card]);
  }
}
