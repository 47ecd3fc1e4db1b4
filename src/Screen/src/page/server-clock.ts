/** Less than that is the way of the answer and the header's whole seconds, ms. */
const noticeable = 3_000;

let ahead = 0;

/** The server's time, ms since 1970: what it tells is of its own clock, and the clock of a reader's computer may be minutes wrong. */
export function serverTime(): number {
  return Date.now() + ahead;
}

/**
 * Sets the clock by an answer of the server.
 * @param asked When it was asked, by this computer's clock: an answer that takes long was written at any time since.
 */
export function setClock(response: Response, asked: number): void {
  const told = Date.parse(response.headers.get('date') ?? '');
  if (!Number.isNaN(told)) {
    const [early, late] = [told - asked, told - Date.now()];
    const difference = early < 0 ? early : late > 0 ? late : 0;
    ahead = Math.abs(difference) < noticeable ? 0 : difference;
  }
}
