import type { SoundLevel } from '../preferences/preferences.ts';
import type { Sound } from './rules.ts';

/** A burst is heard once, ms. */
const pause = 3_000;
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

  /** @param isAsked The reader wants to hear what it is like: nothing happened. */
  ring(sound: Sound, isAsked = false): void {
    const { level } = this;
    if (level === 'off' || (!isAsked && performance.now() - this.last < pause)) {
      return;
    }

    if (!isAsked) {
      this.last = performance.now();
      // Heard, or not where the browser allows none before the first click: told in the page all the same.
      document.body.dataset['chimes'] = String(Number(document.body.dataset['chimes'] ?? 0) + 1);
      document.body.dataset['chime'] = `${sound} ${level}`;
    }

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
