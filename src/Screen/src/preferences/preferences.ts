import type { Api } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { Signal } from '../page/signal.ts';

/** What the page shows, under a name. */
export interface SavedView {
  readonly name: string;
  /** The part of the page's address from its #. */
  readonly address: string;
  readonly isShared: boolean;
}

/** A view that a colleague shares. */
export interface SharedView {
  readonly owner: string;
  readonly name: string;
  readonly address: string;
}

export interface Fold {
  readonly section: string;
  readonly isOpen: boolean;
}

export const soundLevels = ['off', 'low', 'normal'] as const;
export type SoundLevel = (typeof soundLevels)[number];

/** All that a person sets for themselves; the server keeps it whole. */
export interface Settings {
  readonly views: readonly SavedView[];
  readonly folds: readonly Fold[];
  /** How loudly alerts are heard. */
  readonly sound: SoundLevel;
}

interface Kept extends Settings {
  readonly version: number;
}

export const nothingSet: Settings = { views: [], folds: [], sound: 'normal' };
const mostTries = 3;

/** What the reader has set of the page, kept by the server so that it is the same in every window and on every computer. */
export class Preferences {
  readonly changed = new Signal();
  settings: Settings = nothingSet;
  shared: readonly SharedView[] = [];

  private readonly api: Pick<Api, 'get' | 'put'>;
  /** As the server has them. */
  private kept: Kept = { ...nothingSet, version: 0 };
  private waiting = 0;
  /** Whose they are: what was asked for before they were cleared is another's. */
  private round = 0;
  private isRead = false;
  private reading: Promise<void> | undefined;
  /** One change after the other: each is decided on what the one before it left. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(api: Pick<Api, 'get' | 'put'>) {
    this.api = api;
  }

  /** Reads them; where they did not come the last time, once more, and where they are there already, not again. */
  async load(): Promise<void> {
    if (!this.isRead) {
      await (this.reading ??= this.read());
    }
  }

  clear(): void {
    this.round++;
    this.isRead = false;
    this.reading = undefined;
    this.shared = [];
    this.kept = { ...nothingSet, version: 0 };
    this.keep(this.kept);
  }

  /**
   * Changes them: shown at once, and taken back where the server does not keep it. Another window may have changed them in the
   * meantime: then the same change is made to what is there now.
   */
  change(edit: (settings: Settings) => Settings): Promise<void> {
    this.settings = edit(this.settings);
    this.changed.emit();
    this.waiting++;
    const done = this.turn.then(() => this.save(edit)).finally(() => {
      // What is shown is ahead of the server as long as there is more to come.
      this.waiting--;
      this.keep(this.kept);
    });
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async read(): Promise<void> {
    const { round } = this;
    try {
      const [told, shared] = await Promise.all([
        this.api.get<Kept>('/api/me/preferences'),
        this.api.get<{ readonly items: readonly SharedView[] }>('/api/me/shared-views'),
      ]);
      if (round === this.round) {
        this.isRead = true;
        this.shared = shared.items;
        // A change that was made meanwhile may be kept already.
        this.keep(told.version < this.kept.version ? this.kept : told);
      }
    } finally {
      if (round === this.round) {
        this.reading = undefined;
      }
    }
  }

  private async save(edit: (settings: Settings) => Settings): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        this.keep(await this.api.put<Kept>('/api/me/preferences', edit(settingsOf(this.kept)), this.kept.version));
        return;
      } catch (fault) {
        const isStale = fault instanceof Problem && fault.code === 'stale-version';
        await this.api.get<Kept>('/api/me/preferences').then(kept => this.keep(kept), () => undefined);
        if (!isStale || attempt === mostTries) {
          throw fault;
        }
      }
    }
  }

  private keep(told: Kept): void {
    this.kept = { ...settingsOf(told), version: told.version };
    if (this.waiting === 0) {
      this.settings = settingsOf(told);
      this.changed.emit();
    }
  }
}

/** The settings alone, without what the server adds of its own. */
function settingsOf({ views, folds, sound }: Settings): Settings {
  return { views, folds, sound };
}

/** With a view, which takes the place of one that is called the same. */
export function withView(settings: Settings, view: SavedView): Settings {
  const isSame = ({ name }: SavedView) => name.toLowerCase() === view.name.toLowerCase();
  return { ...settings, views: settings.views.some(isSame) ? settings.views.map(one => (isSame(one) ? view : one)) : [...settings.views, view] };
}

export function withoutView(settings: Settings, name: string): Settings {
  return { ...settings, views: settings.views.filter(view => view.name !== name) };
}

/** With a view one place nearer to the first: the places are the keys. */
export function raised(settings: Settings, name: string): Settings {
  const views = [...settings.views];
  const at = views.findIndex(view => view.name === name);
  if (at > 0) {
    [views[at - 1], views[at]] = [views[at]!, views[at - 1]!];
  }

  return { ...settings, views };
}

export function withFold(settings: Settings, section: string, isOpen: boolean): Settings {
  return { ...settings, folds: [...settings.folds.filter(fold => fold.section !== section), { section, isOpen }] };
}
