const name = 'chargecars.drafts';

interface Kept {
  readonly person: string;
  readonly texts: Readonly<Record<string, string>>;
}

/** Anything that keeps texts as long as a window is there. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What was begun and not sent: it outlives a reload, and is its writer's alone. */
export class Drafts {
  private readonly store: () => Store;
  private readonly person: () => string | undefined;
  private kept: Kept = { person: '', texts: {} };

  /**
   * @param store Where they are kept; asked for each time, as a browser may refuse it.
   * @param person Who writes; undefined: nobody is signed in.
   */
  constructor(store: () => Store, person: () => string | undefined) {
    this.store = store;
    this.person = person;
  }

  of(key: string): string {
    return this.mine.texts[key] ?? '';
  }

  keep(key: string, text: string): void {
    const { person, texts: { [key]: _, ...others } } = this.mine;
    this.kept = { person, texts: text ? { ...others, [key]: text } : others };
    try {
      this.store().setItem(name, JSON.stringify(this.kept));
    } catch {
      // Then they last as long as the page.
    }
  }

  /** The session is over. @param isLeft The person has signed out, and not just been away too long. */
  end(isLeft: boolean): void {
    this.kept = { person: '', texts: {} };
    if (isLeft) {
      try {
        this.store().removeItem(name);
      } catch {
        // Then none was kept.
      }
    }
  }

  /** Those of who writes now: another person's go. */
  private get mine(): Kept {
    const person = this.person() ?? '';
    if (this.kept.person !== person) {
      const kept = this.read();
      this.kept = kept?.person === person ? kept : { person, texts: {} };
    }

    return this.kept;
  }

  private read(): Kept | undefined {
    try {
      return JSON.parse(this.store().getItem(name) ?? 'null') as Kept ?? undefined;
    } catch {
      return undefined;
    }
  }
}
