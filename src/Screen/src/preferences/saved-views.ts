import { wordsOf } from '../api/problem.ts';
import { languageChanged, t } from '../i18n/language.ts';
import { byId, h, replace, setText } from '../page/dom.ts';
import type { Shortcut } from '../page/keys.ts';
import { Signal } from '../page/signal.ts';
import { raised, withoutView, withView, type Preferences } from './preferences.ts';

/** So many are opened by a key. */
const keyed = 9;
const mostViews = 40;

interface Named {
  readonly name: string;
  readonly address: string;
  /** Of a colleague's. */
  readonly owner?: string;
}

/** The saved views: under the search each is a button, and the first of them have keys; a dialog saves and arranges them. */
export class SavedViews {
  /** The address of a view that is to be shown. */
  readonly wanted = new Signal<string>();
  /** What was asked for was not done, in words. */
  readonly failed = new Signal<string>();

  private readonly preferences: Preferences;
  /** The address of what is shown now. */
  private readonly here: () => string;
  private readonly list = byId('saved-views');
  private readonly dialog = byId<HTMLDialogElement>('views-dialog');
  private readonly form = byId<HTMLFormElement>('views-form');
  private readonly name = byId<HTMLInputElement>('view-name');
  private readonly isShared = byId<HTMLInputElement>('view-shared');
  private readonly fault = byId('view-fault');
  private readonly own = byId('views-own');

  constructor(preferences: Preferences, here: () => string) {
    this.preferences = preferences;
    this.here = here;
    this.list.addEventListener('click', event => {
      const button = (event.target as Element).closest<HTMLElement>('button');
      const view = this.all[Number(button?.dataset['index'] ?? NaN)];
      if (view) {
        this.wanted.emit(view.address);
      } else if (button) {
        this.open();
      }
    });
    this.form.addEventListener('submit', event => {
      event.preventDefault();
      this.save();
    });
    this.own.addEventListener('click', event => this.onClick(event));
    byId('views-close').addEventListener('click', () => this.dialog.close());
    this.dialog.addEventListener('click', event => event.target === this.dialog && this.dialog.close());
    preferences.changed.on(() => this.write());
    languageChanged.on(() => this.write());
    this.write();
  }

  shortcuts(): readonly Shortcut[] {
    return [
      { key: 'b', text: 'viewSave', run: () => this.open() },
      ...Array.from({ length: keyed }, (_, i): Shortcut => ({
        key: String(i + 1), text: 'keyViews', shown: i ? '' : '1 … 9', isFor: () => this.all.length > i, run: () => this.wanted.emit(this.all[i]!.address),
      })),
    ];
  }

  open(): void {
    this.name.value = '';
    this.isShared.checked = false;
    setText(this.fault, '');
    this.write();
    this.dialog.showModal();
    this.name.focus();
  }

  /** The reader's own, then those of colleagues. */
  get all(): readonly Named[] {
    return [...this.preferences.settings.views, ...this.preferences.shared];
  }

  private save(): void {
    const name = this.name.value.trim();
    const { views } = this.preferences.settings;
    const fault = !name ? t('required') : views.length >= mostViews && !views.some(view => view.name === name) ? t('viewsFull', { n: mostViews }) : '';
    setText(this.fault, fault);
    if (fault) {
      this.name.focus();
      return;
    }

    const view = { name, address: this.here(), isShared: this.isShared.checked };
    this.dialog.close();
    this.change(settings => withView(settings, view));
  }

  private onClick(event: MouseEvent): void {
    const button = (event.target as Element).closest<HTMLElement>('[data-do]');
    const name = button?.closest<HTMLElement>('[data-name]')?.dataset['name'];
    if (!button || !name) {
      return;
    }

    switch (button.dataset['do']) {
      case 'raise': return this.change(settings => raised(settings, name));
      case 'remove': return this.change(settings => withoutView(settings, name));
      case 'share': return this.change(settings => ({ ...settings, views: settings.views.map(view => (view.name === name ? { ...view, isShared: !view.isShared } : view)) }));
    }
  }

  private change(edit: Parameters<Preferences['change']>[0]): void {
    this.preferences.change(edit).catch((fault: unknown) => this.failed.emit(wordsOf(fault)));
  }

  private write(): void {
    replace(this.list, h('button.chip', { type: 'button', 'aria-haspopup': 'dialog', 'aria-label': t('viewSave'), title: t('viewSave') }, '+'), ...this.all.map(({ name, owner }, i) => h(
      'button.chip', { type: 'button', 'data-index': i, title: owner ? t('viewOf', { owner }) : undefined }, i < keyed && h('kbd', { 'aria-hidden': 'true' }, String(i + 1)), name)));
    const focused = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>('#views-own [data-do]');
    const before = focused && { name: focused.closest<HTMLElement>('[data-name]')!.dataset['name']!, what: focused.dataset['do']! };
    replace(this.own, ...this.preferences.settings.views.map(({ name, isShared }, i) => h('li', { 'data-name': name },
      h('b', {}, name),
      h('button.chip', { type: 'button', 'data-do': 'share', 'aria-pressed': String(isShared), 'aria-label': `${t('viewShared')}: ${name}` }, t('viewShared')),
      h('button.chip', { type: 'button', 'data-do': 'raise', disabled: i === 0, 'aria-label': `${t('viewRaise')}: ${name}` }, t('viewRaise')),
      h('button.chip', { type: 'button', 'data-do': 'remove', 'aria-label': `${t('viewRemove')}: ${name}` }, t('viewRemove')))));
    if (before) {
      const row = [...this.own.children].find(one => (one as HTMLElement).dataset['name'] === before.name);
      (row?.querySelector<HTMLElement>(`[data-do=${before.what}]:not(:disabled)`) ?? this.own.querySelector<HTMLElement>('button') ?? this.name).focus();
    }
  }
}
