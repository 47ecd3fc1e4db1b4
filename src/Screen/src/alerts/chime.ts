const setting = 'chargecars.sound';
/** A burst is heard once, ms. */
const pause = 3_000;

/** A short sound for what somebody must hear; off where the reader wants none. */
export class Chime {
  private context: AudioContext | undefined;
  private last = -Infinity;
  private on = kept();

  get isOn(): boolean {
    return this.on;
  }

  set isOn(on: boolean) {
    this.on = on;
    try {
      localStorage.setItem(setting, on ? 'on' : 'off');
    } catch {
      // Then the choice lasts as long as the page.
    }
  }

  ring(): void {
    if (!this.on || performance.now() - this.last < pause) {
      return;
    }

    this.last = performance.now();
    // Heard, or not where the browser allows none before the first click: told in the page all the same.
    document.body.dataset['chimes'] = String(Number(document.body.dataset['chimes'] ?? 0) + 1);
    try {
      const context = (this.context ??= new AudioContext());
      const [tone, volume] = [context.createOscillator(), context.createGain()];
      tone.frequency.setValueAtTime(660, context.currentTime);
      tone.frequency.setValueAtTime(880, context.currentTime + 0.12);
      volume.gain.setValueAtTime(0.15, context.currentTime);
      volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.35);
      tone.connect(volume).connect(context.destination);
      tone.start();
      tone.stop(context.currentTime + 0.35);
    } catch {
      // A browser without sound.
    }
  }
}

function kept(): boolean {
  try {
    return localStorage.getItem(setting) !== 'off';
  } catch {
    return true;
  }
}
