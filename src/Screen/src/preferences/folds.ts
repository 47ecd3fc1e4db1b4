import { wordsOf } from '../api/problem.ts';
import { Signal } from '../page/signal.ts';
import { withFold, type Preferences } from './preferences.ts';

/** The parts of the panels, each of which is folded by its heading; what the reader folded stays so. */
export class Folds {
  readonly failed = new Signal<string>();

  private readonly preferences: Preferences;
  private readonly sections = [...document.querySelectorAll<HTMLElement>('[data-fold]')];

  constructor(preferences: Preferences) {
    this.preferences = preferences;
    for (const section of this.sections) {
      section.querySelector('.fold')?.addEventListener('click', () => this.toggle(section));
    }

    preferences.changed.on(() => this.write());
    this.write();
  }

  private toggle(section: HTMLElement): void {
    const isOpen = section.classList.contains('folded');
    this.preferences.change(settings => withFold(settings, section.dataset['fold']!, isOpen)).catch((fault: unknown) => this.failed.emit(wordsOf(fault)));
  }

  private write(): void {
    for (const section of this.sections) {
      const isOpen = this.preferences.settings.folds.find(fold => fold.section === section.dataset['fold'])?.isOpen ?? true;
      section.classList.toggle('folded', !isOpen);
      section.querySelector('.fold')?.setAttribute('aria-expanded', String(isOpen));
    }
  }
}
