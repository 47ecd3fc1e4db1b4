import { onlyOf } from './only.ts';
import { Signal } from './signal.ts';

/** As in wide.css. */
const wall = matchMedia('(min-width: 2200px)');

/** The window moved to a screen of the other kind. */
export const scaleChanged = new Signal();

wall.addEventListener('change', () => scaleChanged.emit());

const isWall = onlyOf(location.search) === 'wall';

/** How much larger the map draws its pictures and names: a screen on the wall is read from afar. */
export function scale(): number {
  return wall.matches ? 1.5 : isWall ? 1.35 : 1;
}
