import type { Api } from '../api/client.ts';
import { wordsOf } from '../api/problem.ts';
import type { Page } from '../api/types.ts';
import { t, word } from '../i18n/language.ts';
import type { Notice } from '../page/notice.ts';
import type { Choice, Chooser } from '../palette/chooser.ts';

interface Named {
  readonly id: string;
}

interface Organization extends Named {
  readonly name: string;
  readonly businessEntity?: string | null;
}

interface Contact extends Named {
  readonly firstName: string;
  readonly lastName: string;
  readonly email?: string | null;
}

interface Address extends Named {
  readonly streetAddress: string;
  readonly streetNumber?: string | null;
  readonly city: string;
}

const brands = ['chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop'] as const;
/** What the first visit of an order is for. */
const visitTypes = { installation: 'install', service: 'service', upgrade: 'install', removal: 'removal' } as const;
const shortest = 2;

/** Makes an order in a few questions, of which those with one answer are not asked; with its first visit, still to be planned. */
export class NewOrder {
  private readonly api: Api;
  private readonly chooser: Chooser;
  private readonly notice: Notice;
  private readonly done: (visit: string) => void;

  /** @param done The visit that is to be planned. */
  constructor(api: Api, chooser: Chooser, notice: Notice, done: (visit: string) => void) {
    this.api = api;
    this.chooser = chooser;
    this.notice = notice;
    this.done = done;
  }

  begin(): void {
    this.chooser.open(t('newOrderFor'), async (typed, signal) => {
      if (typed.length < shortest) {
        return [];
      }

      const { items } = await this.api.get<{ readonly items: readonly { readonly id: string; readonly title: string; readonly subtitle?: string | null }[] }>(
        `/api/search?q=${encodeURIComponent(typed)}&types=organization&limit=12`, signal);
      return items.map(({ id, title, subtitle }) => ({ title, detail: subtitle ?? undefined, run: () => this.safely(() => this.forCustomer(id)) }));
    });
  }

  private async forCustomer(id: string): Promise<void> {
    const customer = await this.api.get<Organization>(`/api/organizations/${id}`);
    const [contacts, addresses] = await Promise.all([
      this.api.get<Page<Contact>>(`/api/contacts?organizationId=${id}&limit=50`), this.api.get<Page<Address>>(`/api/addresses?entityType=organization&entityId=${id}&limit=50`)]);
    if (!contacts.items.length || !addresses.items.length) {
      this.notice.fail(t(contacts.items.length ? 'customerWithoutAddress' : 'customerWithoutContact', { name: customer.name }));
      return;
    }

    this.choose(t('whichContact'), contacts.items, contact => ({ title: `${contact.firstName} ${contact.lastName}`, detail: contact.email ?? undefined }), contact =>
      this.choose(t('whichAddress'), addresses.items, address => ({ title: `${address.streetAddress} ${address.streetNumber ?? ''}, ${address.city}` }), address =>
        this.choose(t('whichName'), customer.businessEntity ? [customer.businessEntity] : brands, brand => ({ title: word('brand.', brand) }), brand =>
          this.choose(t('whichKind'), Object.keys(visitTypes) as (keyof typeof visitTypes)[], kind => ({ title: word('orderType.', kind) }), kind =>
            this.safely(() => this.make({ customer, contact, address, brand, kind }))))));
  }

  private async make({ customer, contact, address, brand, kind }: {
    readonly customer: Named; readonly contact: Named; readonly address: Named; readonly brand: string; readonly kind: keyof typeof visitTypes;
  }): Promise<void> {
    const order = await this.api.post<Named & { readonly orderNumber: string }>('/api/orders', {
      orderType: kind, businessEntity: brand, customerOrganizationId: customer.id, primaryContactId: contact.id, installationAddressId: address.id,
    }, crypto.randomUUID());
    const visit = await this.api.post<Named>(`/api/orders/${order.id}/visits`, { visitType: visitTypes[kind] }, crypto.randomUUID());
    this.notice.say(t('orderMade', { number: order.orderNumber }));
    this.done(visit.id);
  }

  /** Asks which one; the only one is meant. */
  private choose<T>(title: string, items: readonly T[], write: (item: T) => Pick<Choice, 'title' | 'detail'>, go: (item: T) => void): void {
    if (items.length === 1) {
      go(items[0]!);
    } else {
      this.chooser.open(title, typed => items.map(item => ({ ...write(item), run: () => go(item) })).filter(choice => choice.title.toLowerCase().includes(typed.toLowerCase())));
    }
  }

  private safely(work: () => Promise<void>): void {
    work().catch((fault: unknown) => this.notice.fail(wordsOf(fault)));
  }
}
