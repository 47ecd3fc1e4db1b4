import { languageChanged, t } from '../i18n/language.ts';
import { byId, setText } from '../page/dom.ts';
import { Signal } from '../page/signal.ts';

/** Says how many of the vans that are looked for the map does not show, and leads to them. */
export class OutOfView {
  readonly wanted = new Signal();

  private readonly count: () => number;
  private readonly button = byId<HTMLButtonElement>('out-of-view');

  constructor(count: () => number) {
    this.count = count;
    this.button.addEventListener('click', () => this.wanted.emit());
    languageChanged.on(() => this.write());
    // Vans come and go by themselves.
    setInterval(() => this.write(), 1_000);
  }

  write(): void {
    const n = this.count();
    this.button.hidden = n === 0;
    setText(this.button, n === 1 ? t('outOfViewOne') : t('outOfView', { n }));
  }
}
