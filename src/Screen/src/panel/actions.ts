import type { Api } from '../api/client.ts';
import type { ActionOption, Vehicle } from '../api/types.ts';
import { t } from '../i18n/language.ts';
import type { Session } from '../login/session.ts';
import { h } from '../page/dom.ts';
import { ActionForm } from './action-form.ts';
import { ActionItem } from './action-item.ts';
import type { Card } from '../work/types.ts';
import { VisitField } from './visit-field.ts';

const permission = 'vehicles.act';

/** What can be done with the van; what can't be done says why. It is written anew in its place, under a form that is open too. */
export class Actions {
  private readonly api: Api;
  private readonly session: Session;
  private readonly list = h('ul.actions');
  private readonly items = new Map<string, ActionItem>();
  private options: readonly ActionOption[] = [];
  private asked = 0;
  private readonly visits: (vehicleId: string) => Promise<readonly Card[]>;
  private isCut = false;

  /** @param visits Those that a van may arrive at. */
  constructor(api: Api, session: Session, visits: (vehicleId: string) => Promise<readonly Card[]>) {
    this.visits = visits;
    this.api = api;
    this.session = session;
  }

  /** Those of another van, or of none. */
  clear(): void {
    this.items.clear();
    this.options = [];
    this.list.replaceChildren();
  }

  async load(vehicle: Vehicle, signal: AbortSignal): Promise<HTMLElement[]> {
    const mine = ++this.asked;
    const options = await this.api.get<ActionOption[]>(`/api/vehicles/${vehicle.id}/actions`, signal).catch((fault: unknown) => {
      // What was known last stays, so that nothing is lost that was filled in.
      if (this.options.length && !signal.aborted) {
        return this.options;
      }

      throw fault;
    });
    // An answer that was overtaken is old.
    if (!signal.aborted && mine === this.asked) {
      this.options = options;
      for (const { action } of options) {
        if (!this.items.has(action)) {
          const item = new ActionItem(action, { action: 'action.', status: '' }, () => new ActionForm(
            this.api, `/api/vehicles/${vehicle.id}/actions/${action}`, action === 'arrive' ? [new VisitField(this.visits(vehicle.id))] : []));
          this.items.set(action, item);
          this.list.append(item.element);
        }
      }

      this.write();
    }

    return [this.list];
  }

  /** Without a connection nothing can be done, and what could be done then says nothing of now. */
  cut(isCut: boolean): void {
    this.isCut = isCut;
    this.write();
  }

  private write(): void {
    const may = this.session.may(permission);
    for (const option of this.options) {
      this.items.get(option.action)?.write(
        this.isCut ? { ...option, unmet: [] } : option, this.isCut ? [t('noConnection')] : may ? [] : [t('noPermission', { permission })]);
    }
  }
}
