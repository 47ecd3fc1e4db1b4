import type { Api } from '../api/client.ts';
import type { AuditRow, Page } from '../api/types.ts';
import { moment } from '../i18n/format.ts';
import { en } from '../i18n/en.ts';
import { t, word } from '../i18n/language.ts';
import type { Session } from '../login/session.ts';
import { h } from '../page/dom.ts';
import { silentFields, stepOf } from './fields.ts';

const limit = 20;
/** What is the summary where nobody gave a reason: the command's name, which says no more than the step itself. */
export const silentReasons: ReadonlySet<string> = new Set(['Create vehicle', 'Revise vehicle', 'Delete vehicle', 'Act on vehicle', 'Set working hours']);

const permission = 'audit.read';

export async function loadHistory(api: Api, session: Session, id: string, signal: AbortSignal): Promise<HTMLElement[]> {
  if (!session.may(permission)) {
    return [h('p.quiet', {}, t('historyClosed', { permission }))];
  }

  const query = new URLSearchParams({ tableName: 'vehicle', recordId: id, sort: '-createdAt', limit: String(limit) });
  const { items } = await api.get<Page<AuditRow>>(`/api/audit?${query}`, signal);
  return [items.length ? h('ol.rows.history', {}, ...ordered(items).map(writeRow)) : h('p.quiet', {}, t('noHistory'))];
}

/** What one thing made happen is written at once; of that the status comes first, and what only counts comes last. */
const together = 2_000;
const weights: Readonly<Record<string, number>> = { operationalStatus: -1, mileageKm: 1 };

/** The newest first; of what happened together the more important. */
export function ordered(rows: readonly AuditRow[]): readonly AuditRow[] {
  const groups: AuditRow[][] = [];
  for (const row of rows) {
    const last = groups.at(-1)?.[0];
    if (last && Math.abs(Date.parse(last.createdAt) - Date.parse(row.createdAt)) <= together) {
      groups.at(-1)!.push(row);
    } else {
      groups.push([row]);
    }
  }

  return groups.flatMap(group => group.toSorted((a, b) => weightOf(a) - weightOf(b)));
}

function weightOf({ action, newValues }: AuditRow): number {
  const named = Object.keys(newValues ?? {}).filter(name => !silentFields.has(name));
  return action === 'STATUS_CHANGE' ? -1 : named.length && named.every(name => name === 'mileageKm') ? 1 : 0;
}

function writeRow(row: AuditRow): HTMLLIElement {
  const steps = stepsOf(row.oldValues ?? {}, row.newValues ?? {}, row.action);
  return h('li', {},
    h('span', {}, `${word('audit.', row.action)}${steps ? `: ${steps}` : ''}`),
    h('small', {}, [moment(row.createdAt), writeActor(row.changedBy), writeReason(row.changeSummary)].filter(Boolean).join(' · ')));
}

function writeActor(name: string | null | undefined): string {
  return name ? t('by', { name: name === 'system' ? t('actor.system') : name === 'customer by link' ? t('actor.customer') : name }) : '';
}

/** Why: the program's own reasons in the reader's language, a person's as it was given. */
export function writeReason(summary: string | null | undefined): string {
  return !summary || silentReasons.has(summary) ? '' : Object.hasOwn(en, `why.${summary}`) ? word('why.', summary) : summary;
}

function stepsOf(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>, action: string): string {
  if (action === 'CREATE' || action === 'DELETE') {
    return '';
  }

  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter(name => !silentFields.has(name) && JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .toSorted((a, b) => (weights[a] ?? 0) - (weights[b] ?? 0))
    .map(name => (action === 'STATUS_CHANGE' ? '' : `${word('field.', name)} `) + stepOf(name, before[name], after[name]))
    .join(', ');
}
