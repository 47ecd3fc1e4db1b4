import type { SoundLevel } from '../preferences/preferences.ts';
import type { Sound } from './rules.ts';

/** A burst is heard once, ms. */
const pause = 3_000;
/** Held by the window that is heard. */
const lock = 'chargecars.chime';
/** So long a window that may not make a sound waits for one that may, ms. */
const leaveTo = 300;
/** The loudest that a tone is. */
const volumes: Readonly<Record<SoundLevel, number>> = { off: 0, low: 0.04, normal: 0.15 };
/** The tones of each sound in hertz, so that a call is told from a van without looking. */
const tones: Readonly<Record<Sound, readonly number[]>> = { call: [660, 880, 660, 880], late: [660, 550], silent: [440, 440], fast: [880, 880, 880] };
/** How long a tone lasts, seconds. */
const length = 0.16;

/** A short sound for what somebody must hear, as loudly as the reader wants it. */
export class Chime {
  level: SoundLevel = 'normal';

  private context: AudioContext | undefined;
  private last = -Infinity;

  /** What everybody hears is heard once, however many windows of this browser tell of it. */
  ring(sound: Sound): void {
    if (this.level === 'off' || performance.now() - this.last < pause) {
      return;
    }

    this.last = performance.now();
    const { locks } = navigator;
    if (!locks) {
      this.tell(sound);
      return;
    }

    // A window that nobody touched, such as the wall's, may not make a sound: it leaves it to one that may, where there is one.
    setTimeout(() => void locks.request(lock, { ifAvailable: true }, granted => {
      if (!granted) {
        document.body.dataset['chimeElsewhere'] = sound;
        return undefined;
      }

      this.tell(sound);
      return new Promise<void>(resolve => setTimeout(resolve, pause));
    }), navigator.userActivation?.hasBeenActive === false ? leaveTo : 0);
  }

  /** The reader wants to hear what it is like: nothing happened. */
  sample(sound: Sound): void {
    if (this.level !== 'off') {
      this.play(sound);
    }
  }

  private tell(sound: Sound): void {
    // Heard, or not where the browser allows none before the first click: told in the page all the same.
    document.body.dataset['chimes'] = String(Number(document.body.dataset['chimes'] ?? 0) + 1);
    document.body.dataset['chime'] = `${sound} ${this.level}`;
    this.play(sound);
  }

  private play(sound: Sound): void {
    const { level } = this;
    try {
      const context = (this.context ??= new AudioContext());
      const [tone, volume, start] = [context.createOscillator(), context.createGain(), context.currentTime];
      volume.gain.setValueAtTime(0, start);
      for (const [i, frequency] of tones[sound].entries()) {
        tone.frequency.setValueAtTime(frequency, start + i * length);
        volume.gain.setValueAtTime(volumes[level], start + i * length);
        volume.gain.exponentialRampToValueAtTime(0.001, start + (i + 0.9) * length);
      }

      tone.connect(volume).connect(context.destination);
      tone.start();
      tone.stop(start + tones[sound].length * length);
    } catch {
      // A browser without sound.
    }
  }
}
