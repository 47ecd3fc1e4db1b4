/** The time of the replay: it stands or runs, at a rate, from where it was put. Milliseconds since 1970. */
export class ReplayClock {
  private readonly wall: () => number;
  private anchor = { at: 0, wall: 0 };
  private speed = 1;
  private isRunning = false;

  /** @param wall Milliseconds. */
  constructor(wall: () => number) {
    this.wall = wall;
  }

  get now(): number {
    const { at, wall } = this.anchor;
    return this.isRunning ? at + (this.wall() - wall) * this.speed : at;
  }

  get rate(): number {
    return this.speed;
  }

  get running(): boolean {
    return this.isRunning;
  }

  jump(at: number): void {
    this.anchor = { at, wall: this.wall() };
  }

  run(running: boolean): void {
    this.jump(this.now);
    this.isRunning = running;
  }

  setRate(rate: number): void {
    this.jump(this.now);
    this.speed = rate;
  }
}
