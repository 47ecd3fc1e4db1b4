import { t } from '../i18n/language.ts';
import { byId } from '../page/dom.ts';

/** A fleet has more to tell than anyone can listen to, ms. */
const pause = 5_000;

/** Tells a screen reader of events that need somebody: the first at once, of those that follow soon the newest and how many more. */
export class Speaker {
  private readonly element = byId('event-spoken');
  private waiting: string[] = [];
  private timer = 0;

  say(text: string): void {
    this.waiting.push(text);
    if (!this.timer) {
      this.speak();
    }
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    this.waiting = [];
    this.element.textContent = '';
  }

  private speak(): void {
    this.timer = 0;
    const text = this.waiting.at(-1);
    if (text === undefined) {
      return;
    }

    const more = this.waiting.length - 1;
    this.element.textContent = more ? t('andMore', { text, n: more }) : text;
    this.waiting = [];
    this.timer = window.setTimeout(() => this.speak(), pause);
  }
}
