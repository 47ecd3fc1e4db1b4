import type { Api } from '../api/client.ts';
import type { AuditRow, Page } from '../api/types.ts';
import { moment } from '../i18n/format.ts';
import { t, word } from '../i18n/language.ts';
import type { Session } from '../login/session.ts';
import { h } from '../page/dom.ts';

const limit = 20;
/** Says nothing to a reader. */
const silent = new Set(['updatedAt', 'version', 'currentVisitId']);

const permission = 'audit.read';

export async function loadHistory(api: Api, session: Session, id: string, signal: AbortSignal): Promise<HTMLElement[]> {
  if (!session.may(permission)) {
    return [h('p.quiet', {}, t('historyClosed', { permission }))];
  }

  const query = new URLSearchParams({ tableName: 'vehicle', recordId: id, sort: '-createdAt', limit: String(limit) });
  const { items } = await api.get<Page<AuditRow>>(`/api/audit?${query}`, signal);
  return [items.length ? h('ol.rows.history', {}, ...items.map(writeRow)) : h('p.quiet', {}, t('noHistory'))];
}

function writeRow(row: AuditRow): HTMLLIElement {
  const steps = stepsOf(row.oldValues ?? {}, row.newValues ?? {}, row.action);
  return h('li', {},
    h('span', {}, `${word('audit.', row.action)}${steps ? `: ${steps}` : ''}`),
    h('small', {}, [moment(row.createdAt), row.changedBy ? t('by', { name: row.changedBy }) : '', row.changeSummary ?? ''].filter(Boolean).join(' · ')));
}

function stepsOf(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>, action: string): string {
  if (action === 'CREATE' || action === 'DELETE') {
    return '';
  }

  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter(name => !silent.has(name) && JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map(name => (action === 'STATUS_CHANGE' ? '' : `${word('', name)} `) + `${show(before[name])} → ${show(after[name])}`)
    .join(', ');
}

function show(value: unknown): string {
  return value === null || value === undefined ? '–' : typeof value === 'object' ? '…' : word('', String(value));
}
