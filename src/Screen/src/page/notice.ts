import { t } from '../i18n/language.ts';
import { byId, h, replace } from './dom.ts';

/** So long it stays, ms. */
const stays = 10_000;

interface Offer {
  readonly text: string;
  readonly run: () => void;
}

/** One line at the bottom that says what was done and offers to take it back, or why it was not done. */
export class Notice {
  private readonly element = byId('notice');
  private readonly spoken = byId('notice-spoken');
  private timer = 0;
  private offer: Offer | undefined;

  constructor() {
    // Who reads it, or has the focus in it, is given the time for it.
    this.element.addEventListener('pointerenter', () => clearTimeout(this.timer));
    this.element.addEventListener('pointerleave', () => this.wait());
    this.element.addEventListener('focusin', () => clearTimeout(this.timer));
    this.element.addEventListener('focusout', () => this.wait());
  }

  say(text: string, offer?: Offer): void {
    this.show(text, offer, false);
  }

  /** What was asked for was not done. @param offer What can be done all the same. */
  fail(text: string, offer?: Offer): void {
    this.show(text, offer, true);
  }

  /** Takes back what was done last, where that is still offered. What is offered after a refusal takes nothing back. */
  undo(): boolean {
    return this.element.dataset['tone'] !== 'bad' && this.take();
  }

  hide(): void {
    clearTimeout(this.timer);
    this.offer = undefined;
    this.element.hidden = true;
  }

  /** Takes away what was said too, also what is only heard. */
  clear(): void {
    this.hide();
    this.element.replaceChildren();
    this.spoken.textContent = '';
  }

  private take(): boolean {
    const { offer } = this;
    this.hide();
    offer?.run();
    return offer !== undefined;
  }

  private show(text: string, offer: Offer | undefined, isFault: boolean): void {
    this.offer = offer;
    this.element.dataset['tone'] = isFault ? 'bad' : 'plain';
    this.element.hidden = false;
    replace(
      this.element, h('span', {}, text), offer && h('button.link', { type: 'button', onclick: () => this.take() }, offer.text),
      h('button.link', { type: 'button', onclick: () => this.hide() }, t('close')));
    this.spoken.setAttribute('role', isFault ? 'alert' : 'status');
    this.spoken.textContent = text;
    this.wait();
  }

  private wait(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.hide(), stays);
  }
}
