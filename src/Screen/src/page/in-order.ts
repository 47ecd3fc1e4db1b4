/** What is asked for again and again: an answer that a later one has overtaken counts no more. */
export class InOrder {
  private asked = 0;
  private told = 0;

  /** To be called with the question; what it answers says, with the answer, whether that counts. */
  ask(): () => boolean {
    const mine = ++this.asked;
    return () => {
      const counts = mine > this.told;
      this.told = Math.max(mine, this.told);
      return counts;
    };
  }
}
