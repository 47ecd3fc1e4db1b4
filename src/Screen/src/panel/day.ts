/** The day that a moment is on, from local midnight to the next: twice a year they are not 24 hours apart. */
export function dayOf(at: number): [from: Date, to: Date] {
  const [from, to] = [new Date(at), new Date(at)];
  from.setHours(0, 0, 0, 0);
  to.setHours(24, 0, 0, 0);
  return [from, to];
}
