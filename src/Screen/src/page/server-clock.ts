/** Less than that is the way of the answer and the header's whole seconds, ms. */
const noticeable = 3_000;

let ahead = 0;

/** The server's time, ms since 1970: what it tells is of its own clock, and the clock of a reader's computer may be minutes wrong. */
export function serverTime(): number {
  return Date.now() + ahead;
}

/** Sets the clock by an answer of the server. */
export function setClock(response: Response): void {
  const told = Date.parse(response.headers.get('date') ?? '');
  if (!Number.isNaN(told)) {
    const difference = told - Date.now();
    ahead = Math.abs(difference) < noticeable ? 0 : difference;
  }
}
