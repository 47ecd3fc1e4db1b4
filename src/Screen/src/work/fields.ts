import { t } from '../i18n/language.ts';
import { fieldOf, timeOfField } from '../i18n/zone.ts';
import { h, replace } from '../page/dom.ts';
import type { ActionField } from '../panel/action-form.ts';
import { TextField } from '../panel/text-field.ts';
import { minutesOf, slotOf } from './facts.ts';
import type { Card, Crew } from './types.ts';

/** The choice that changes nothing of who makes it; no team has that id. */
const asIs = 'as-is';

/** What an action of a visit asks for. */
export function fieldsOfVisit(action: string, card: Card, crews: readonly Crew[]): ActionField[] {
  switch (action) {
    case 'schedule':
    case 'reschedule': return [new SlotField(card, crews)];
    case 'complete': return [new TextField('resolution', t('resolution'), true), new TextField('signedBy', t('signedBy'), false)];
    case 'fail':
    case 'no-show':
    case 'cancel': return [new TextField('reason', t('reasonRequired'), true)];
    default: return [];
  }
}

/** What an action of an order asks for. */
export function fieldsOfOrder(action: string): ActionField[] {
  switch (action) {
    case 'accept-quote': return [new TextField('acceptedByName', t('acceptedBy'), true)];
    case 'complete': return [new TextField('signoffWaivedReason', t('signoffWaived'), false)];
    case 'hold':
    case 'cancel':
    case 'reject-work': return [new TextField('reason', t('reasonRequired'), true)];
    default: return [];
  }
}

/** When, and by which crew. */
export class SlotField implements ActionField {
  readonly element: HTMLElement;

  private readonly start = h('input', { type: 'datetime-local', step: 300, required: true });
  private readonly crew = h('select', {});
  private readonly fault = h('p.fault', { role: 'alert' });
  private card: Card;
  private readonly crews: readonly Crew[];

  constructor(card: Card, crews: readonly Crew[]) {
    this.card = card;
    this.crews = crews;
    this.refill(card);
    this.element = h('div.field', {}, h('label', {}, t('begins'), this.start), h('label', {}, t('crew'), this.crew), this.fault);
  }

  focus(): void {
    this.start.focus();
  }

  /** Shows the visit as it is now. */
  refill(card: Card): void {
    this.card = card;
    const slot = slotOf(card);
    this.start.value = slot ? fieldOf(slot.start) : card.windowStart ? fieldOf(Date.parse(card.windowStart)) : '';
    // A van alone, or a team that is not of this day's.
    const isOther = Boolean(card.teamId ?? card.vehicleId) && !this.crews.some(({ teamId }) => teamId === card.teamId);
    replace(this.crew, isOther && h('option', { value: asIs, selected: true }, t('crewAsIs')), h('option', { value: '' }, t('nobody')),
      ...this.crews.map(crew => h('option', { value: crew.teamId, selected: crew.teamId === card.teamId }, crew.name)));
  }

  read(): object | undefined {
    const start = timeOfField(this.start.value);
    if (Number.isNaN(start)) {
      this.fault.textContent = t('required');
      this.start.focus();
      return undefined;
    }

    const crew = this.crews.find(({ teamId }) => teamId === this.crew.value);
    // What is left out stays: the van of a visit need not be its team's.
    const stays = this.crew.value === asIs || (crew && crew.teamId === this.card.teamId);
    return {
      scheduledStart: new Date(start).toISOString(), scheduledEnd: new Date(start + minutesOf(this.card) * 60_000).toISOString(),
      ...(stays ? {} : { teamId: crew?.teamId ?? null, vehicleId: crew?.vehicleId ?? null }),
    };
  }
}
