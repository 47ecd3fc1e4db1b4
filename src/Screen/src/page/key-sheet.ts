import { languageChanged, t } from '../i18n/language.ts';
import { byId, h, replace } from './dom.ts';
import type { Keys } from './keys.ts';

/** Which keys do what; and the switch for those of one sign. */
export class KeySheet {
  private readonly dialog = byId<HTMLDialogElement>('keys');
  private readonly list = byId('keys-list');
  private readonly isOn = byId<HTMLInputElement>('keys-on');
  private readonly keys: Keys;

  constructor(keys: Keys) {
    this.keys = keys;
    byId('keys-open').addEventListener('click', () => this.open());
    byId('keys-close').addEventListener('click', () => this.dialog.close());
    // Beside it is as good as its button.
    this.dialog.addEventListener('click', event => event.target === this.dialog && this.dialog.close());
    this.isOn.addEventListener('change', () => {
      keys.areOn = this.isOn.checked;
    });
    languageChanged.on(() => this.write());
  }

  open(): void {
    this.isOn.checked = this.keys.areOn;
    this.write();
    this.dialog.showModal();
  }

  private write(): void {
    const rows = [
      ...this.keys.shortcuts.filter(({ shown }) => shown !== '').map(({ key, text, isControl, shown }) => [shown ?? (isControl ? `Ctrl ${key}` : key), t(text)] as const),
      ['Esc', t('keyClose')], ['↑ ↓ Enter', t('keyList')],
    ] as const;
    replace(this.list, ...rows.flatMap(([key, text]) => [h('dt', {}, ...key.split(' ').map(part => h('kbd', {}, part.length === 1 ? part.toUpperCase() : part))), h('dd', {}, text)]));
  }
}
