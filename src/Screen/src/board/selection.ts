/** Which rows of a list are chosen, by their ids. */
export class Selection {
  private readonly chosen = new Set<string>();
  /** From where a range goes. */
  private anchor: string | undefined;

  get size(): number {
    return this.chosen.size;
  }

  get ids(): readonly string[] {
    return [...this.chosen];
  }

  has(id: string): boolean {
    return this.chosen.has(id);
  }

  toggle(id: string): void {
    this.anchor = id;
    if (!this.chosen.delete(id)) {
      this.chosen.add(id);
    }
  }

  /** All rows from the one that was chosen last to this one, as they stand in the list. */
  extend(id: string, order: readonly string[]): void {
    const [from, to] = [order.indexOf(this.anchor ?? id), order.indexOf(id)];
    if (to < 0) {
      return;
    }

    this.anchor ??= id;
    const [first, last] = [Math.min(from < 0 ? to : from, to), Math.max(from, to)];
    order.slice(first, last + 1).forEach(one => this.chosen.add(one));
  }

  all(order: readonly string[]): void {
    order.forEach(id => this.chosen.add(id));
  }

  clear(): void {
    this.chosen.clear();
    this.anchor = undefined;
  }

  /** What is not in the list any more is not chosen either. */
  keep(order: readonly string[]): void {
    const there = new Set(order);
    for (const id of this.chosen) {
      if (!there.has(id)) {
        this.chosen.delete(id);
      }
    }
  }
}
