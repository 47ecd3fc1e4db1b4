import type { Map as GlMap } from 'maplibre-gl';
import type { Van } from '../fleet/fleet.ts';
import { latitudeOf, longitudeOf } from '../fleet/mercator.ts';
import { poseAt } from '../fleet/motion.ts';
import { byId } from '../page/dom.ts';

/** The map goes along when the van is nearer to an edge than this part of it. */
const margin = 0.22;

/** Keeps the van that is open in sight as it drives, until the reader moves the map. */
export class Follow {
  private readonly map: GlMap;
  private readonly clock: () => number;
  private readonly button = byId<HTMLButtonElement>('follow');
  private van: Van | undefined;
  private isOn = false;

  /** @param clock Seconds. */
  constructor(map: GlMap, clock: () => number) {
    this.map = map;
    this.clock = clock;
    map.on('dragstart', () => this.set(false));
    this.button.addEventListener('click', () => this.toggle());
    this.write();
  }

  /** The van that may be followed. @param isFollowed From now on. */
  choose(van: Van | undefined, isFollowed = this.isOn): void {
    this.van = van;
    this.set(isFollowed && van !== undefined);
  }

  toggle(): void {
    if (this.van) {
      this.set(!this.isOn);
      this.goAlong(true);
    }
  }

  /** It moved. */
  goAlong(isSudden = false): void {
    const motion = this.van?.motion;
    if (!this.isOn || !motion || this.map.isMoving()) {
      return;
    }

    const { x, y } = poseAt(motion, this.clock());
    const place: [number, number] = [longitudeOf(x), latitudeOf(y)];
    const pixel = this.map.project(place);
    const { clientWidth: width, clientHeight: height } = this.map.getCanvas();
    const isNearEdge = pixel.x < width * margin || pixel.x > width * (1 - margin) || pixel.y < height * margin || pixel.y > height * (1 - margin);
    if (isNearEdge || isSudden) {
      this.map.easeTo({ center: place, duration: 700 });
    }
  }

  private set(isOn: boolean): void {
    this.isOn = isOn;
    this.write();
  }

  private write(): void {
    this.button.hidden = !this.van;
    this.button.ariaPressed = String(this.isOn);
  }
}
