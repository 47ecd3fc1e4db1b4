/** Paper shows no WebGL, and of a list only what is drawn of it: what has to be made ready before, and put back after. */
export function onPrint(before: () => void, after: () => void): void {
  addEventListener('beforeprint', before);
  addEventListener('afterprint', after);
}
