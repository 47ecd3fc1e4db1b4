import type { Api } from '../api/client.ts';
import type { ActionOption } from '../api/types.ts';
import { t } from '../i18n/language.ts';
import type { Session } from '../login/session.ts';
import { h, replace } from '../page/dom.ts';
import { ActionForm, type ActionField, type Seen } from '../panel/action-form.ts';
import { ActionItem, type Words } from '../panel/action-item.ts';

interface Manner {
  /** Before the id of what they are of, such as /api/visits. */
  readonly path: string;
  readonly permission: string;
  readonly words: Words;
  /** What an action asks for beside a reason. */
  readonly fields: (action: string) => readonly ActionField[];
  /** What an action is decided on, where it must not have changed since. */
  readonly seen?: (action: string) => Seen | undefined;
}

/** What can be done with a visit or an order: what is possible in sight, and what is not behind "Why not?", each with its reasons. */
export class ActionList {
  readonly element = h('div.action-list');

  private readonly api: Api;
  private readonly session: Session;
  private readonly manner: Manner;
  private readonly possible = h('ul.actions');
  private readonly others = h('ul.actions');
  private readonly fold = h('details', {}, h('summary', {}), this.others);
  private readonly items = new Map<string, ActionItem>();
  private id: string | undefined;

  constructor(api: Api, session: Session, manner: Manner) {
    this.api = api;
    this.session = session;
    this.manner = manner;
    this.element.append(this.possible, this.fold);
  }

  async load(id: string, signal: AbortSignal): Promise<HTMLElement[]> {
    const { path, permission, words, fields, seen } = this.manner;
    if (id !== this.id) {
      this.id = id;
      this.items.clear();
      replace(this.possible);
      replace(this.others);
    }

    const options = await this.api.get<ActionOption[]>(`${path}/${id}/actions`, signal);
    if (signal.aborted || id !== this.id) {
      return [this.element];
    }

    const reasons = this.session.may(permission) ? [] : [t('noPermission', { permission })];
    for (const option of options) {
      const { action } = option;
      const item = this.items.get(action) ?? new ActionItem(
        action, words, () => new ActionForm(this.api, `${path}/${id}/actions/${action}`, fields(action), seen?.(action)), words.action.replace('.', '-'));
      this.items.set(action, item);
      item.write(option, reasons);
      // A form that is open stays where it is, so that nothing is lost that was filled in.
      const list = option.allowed && !reasons.length ? this.possible : this.others;
      if (!item.isOpen && item.element.parentElement !== list) {
        list.append(item.element);
      }
    }

    this.fold.querySelector('summary')!.textContent = t('whyNot');
    this.fold.hidden = !this.others.childElementCount;
    return [this.element];
  }
}
