import type { Api } from '../api/client.ts';
import { t, word } from '../i18n/language.ts';
import { byId, h, replace, setText } from '../page/dom.ts';
import type { CallText } from './types.ts';

/** What was said in a call, to be read: in a few sentences, and word by word. It stays on the screen no longer than it is open. */
export class CallTextSheet {
  private readonly api: Api;
  private readonly dialog = byId<HTMLDialogElement>('call-text');
  private readonly title = byId('call-text-title');
  private readonly body = byId('call-text-body');

  constructor(api: Api) {
    this.api = api;
    byId('call-text-close').addEventListener('click', () => this.dialog.close());
    // Beside it is as good as its button.
    this.dialog.addEventListener('click', event => event.target === this.dialog && this.dialog.close());
    this.dialog.addEventListener('close', () => replace(this.body));
  }

  /** @param address Where the text is; who asks for it is put on record there. */
  async open(address: string, who: string): Promise<void> {
    const text = await this.api.get<CallText>(address);
    setText(this.title, `${t('callText')}: ${who}`);
    const facts = [...(text.sentiments ?? []).map(mood => word('mood.', mood)), ...(text.topics ?? [])];
    replace(this.body,
      facts.length > 0 && h('p.quiet', {}, facts.join(' · ')),
      text.summary && h('p', {}, text.summary),
      text.utterances && h('dl', { lang: text.language }, ...text.utterances.flatMap(({ atSeconds, isCustomer, agent, text: said }) => [
        h('dt', {}, h('b', {}, isCustomer ? t('customerSaid') : agent ?? t('colleague')), typeof atSeconds === 'number' && h('span.quiet', {}, ` ${offset(atSeconds)}`)),
        h('dd', {}, said),
      ])));
    this.dialog.showModal();
  }
}

function offset(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
