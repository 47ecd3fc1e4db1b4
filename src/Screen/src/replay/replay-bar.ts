import { clock as clockText, day } from '../i18n/format.ts';
import { languageChanged, t } from '../i18n/language.ts';
import { fieldOf, timeOfField } from '../i18n/zone.ts';
import { byId, replace, setText } from '../page/dom.ts';
import { icon } from '../page/icons.ts';
import { serverTime } from '../page/server-clock.ts';
import { Signal } from '../page/signal.ts';
import { dayOf } from '../panel/day.ts';
import { pastOf } from './replay-day.ts';
import type { Replay } from './replay.ts';

const rates = [1, 5, 10, 30, 60];
const minute = 60_000;

/** The controls of the replay: which moment, how fast, and back to now. */
export class ReplayBar {
  readonly opened = new Signal<boolean>();

  private readonly replay: Replay;
  private readonly bar = byId('replay-bar');
  private readonly button = byId<HTMLButtonElement>('replay-open');
  private readonly play = byId<HTMLButtonElement>('replay-play');
  private readonly date = byId<HTMLInputElement>('replay-date');
  private readonly slider = byId<HTMLInputElement>('replay-slider');
  private readonly rate = byId<HTMLSelectElement>('replay-rate');
  private readonly shown = byId('replay-now');
  private readonly fault = byId('replay-fault');
  private isHeld = false;

  constructor(replay: Replay) {
    this.replay = replay;
    this.rate.append(...rates.map(rate => new Option(`${rate}×`, String(rate))));
    this.rate.value = '10';
    this.button.addEventListener('click', () => this.toggle());
    byId('replay-close').addEventListener('click', () => this.close());
    this.play.addEventListener('click', () => replay.play(!replay.clock.running));
    this.rate.addEventListener('change', () => replay.setRate(Number(this.rate.value)));
    this.date.addEventListener('change', () => this.pick());
    // Dragging shows the time at once; the fleet is asked for when the hand rests, and so long the replay does not move the slider.
    this.slider.addEventListener('input', () => {
      this.isHeld = true;
      this.writeTime(this.sliderTime());
    });
    this.slider.addEventListener('change', () => {
      this.isHeld = false;
      replay.jump(this.sliderTime());
    });
    // Let go where it was taken, it did not change.
    for (const end of ['pointerup', 'pointercancel', 'blur']) {
      this.slider.addEventListener(end, () => (this.isHeld = false));
    }
    replay.changed.on(() => this.write());
    replay.fault.on(text => setText(this.fault, text));
    languageChanged.on(() => this.write());
  }

  toggle(): void {
    if (this.replay.isOpen) {
      this.close();
    } else {
      this.open(serverTime() - 10 * minute);
      this.play.focus();
    }
  }

  open(at: number): void {
    if (this.replay.isOpen) {
      this.replay.jump(at);
      return;
    }

    this.bar.hidden = false;
    this.button.ariaPressed = 'true';
    this.replay.setRate(Number(this.rate.value));
    this.opened.emit(true);
    this.replay.open(at);
  }

  close(): void {
    if (this.replay.isOpen) {
      const hadFocus = this.bar.contains(document.activeElement);
      this.replay.close();
      this.bar.hidden = true;
      this.button.ariaPressed = 'false';
      setText(this.fault, '');
      this.opened.emit(false);
      if (hadFocus) {
        this.button.focus();
      }
    }
  }

  private pick(): void {
    const at = timeOfField(this.date.value);
    if (at > serverTime()) {
      setText(this.fault, t('replayAhead'));
    } else if (!Number.isNaN(at)) {
      this.replay.jump(at);
    }
  }

  private sliderTime(): number {
    return dayOf(this.replay.clock.now)[0].getTime() + Number(this.slider.value) * 1_000;
  }

  private write(): void {
    const { now, running } = this.replay.clock;
    if (!this.isHeld) {
      const [from, to] = pastOf(now, serverTime());
      this.writeTime(now);
      this.slider.max = String(Math.ceil((to - from) / 1_000) - 1);
      this.slider.value = String(Math.floor((now - from) / 1_000));
    }

    this.date.max = fieldOf(serverTime());
    if (document.activeElement !== this.date) {
      this.date.value = fieldOf(now);
    }

    const name = t(running ? 'pause' : 'play');
    if (this.play.ariaLabel !== name) {
      this.play.ariaLabel = name;
      replace(this.play, icon(running ? 'pause' : 'play'));
    }
  }

  private writeTime(at: number): void {
    setText(this.shown, `${day(at)} ${clockText(at, true)}`);
    this.slider.setAttribute('aria-valuetext', clockText(at));
  }
}
