import type { Api } from '../api/client.ts';
import { t } from '../i18n/language.ts';
import type { Choice, Source } from '../palette/chooser.ts';
import type { Alert } from './types.ts';

interface Colleague {
  readonly contactId: string;
  readonly name: string;
}

/** Who sees to alerts, by name: asked for once in a while, as it is needed for every row. */
export class Colleagues {
  private readonly api: Pick<Api, 'get'>;
  private known: readonly Colleague[] = [];

  constructor(api: Pick<Api, 'get'>) {
    this.api = api;
  }

  async load(): Promise<void> {
    this.known = await this.read('');
  }

  clear(): void {
    this.known = [];
  }

  nameOf(contactId: string): string | undefined {
    return this.known.find(colleague => colleague.contactId === contactId)?.name;
  }

  /**
   * Whose an alert can become: first the reader's, or nobody's where it is theirs; then the others'.
   * @param me The reader's contact.
   * @param give Gives it to a contact, or to nobody.
   */
  choicesOf(alert: Alert, me: string | null | undefined, give: (contactId: string | null) => void): Source {
    // Not everybody who sees to alerts sees this one.
    const asked = this.read(`?alertId=${alert.id}`);
    // Told where it is waited for.
    asked.catch(() => undefined);
    return async typed => {
      const seeing = await asked;
      const [holder, choice] = [alert.assignedToContactId ?? null, (title: string, contactId: string | null): Choice => ({ title, run: () => give(contactId) })];
      const others = seeing.filter(({ contactId }) => contactId !== me && contactId !== holder).map(({ name, contactId }) => choice(name, contactId));
      return [
        ...(me && holder !== me ? [choice(t('takeIt'), me)] : []), ...(holder ? [choice(t(holder === me ? 'giveBack' : 'nobodys'), null)] : []), ...others,
      ].filter(({ title }) => title.toLowerCase().includes(typed.toLowerCase()));
    };
  }

  private async read(query: string): Promise<readonly Colleague[]> {
    return (await this.api.get<{ readonly items: readonly Colleague[] }>(`/api/alerts/colleagues${query}`)).items;
  }
}
