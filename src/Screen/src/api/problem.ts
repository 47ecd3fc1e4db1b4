/** An answer that is not what was asked for: a problem of the server, or none at all (status 0). */
export class Problem extends Error {
  readonly status: number;
  readonly unmet: readonly string[];

  constructor(status: number, message: string, unmet: readonly string[] = []) {
    super(message);
    this.status = status;
    this.unmet = unmet;
  }

  static async of(response: Response): Promise<Problem> {
    const body = (await response.json().catch(() => ({}))) as { title?: string; detail?: string; unmet?: string[] };
    return new Problem(response.status, body.detail ?? body.title ?? `HTTP ${response.status}`, body.unmet ?? []);
  }
}

/** A fault in words for the reader. */
export function wordsOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
