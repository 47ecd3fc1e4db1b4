import { clock } from '../i18n/format.ts';
import { languageChanged, t } from '../i18n/language.ts';
import { demoAhead } from './configuration.ts';
import { byId, setText } from './dom.ts';
import { serverTime } from './server-clock.ts';

/** Says that these vans are made up, and which time of their day it is where that is not the clock's. */
export function showDemoTime(): void {
  const ahead = demoAhead();
  if (ahead === undefined) {
    return;
  }

  const sign = byId('demo-time');
  const write = () => {
    const time = clock(serverTime() + ahead);
    setText(sign, ahead === 0 ? t('demo') : t('demoTime', { time }));
    sign.title = ahead === 0 ? t('demoMeans') : t('demoTimeMeans', { time });
  };
  sign.hidden = false;
  languageChanged.on(write);
  setInterval(write, 10_000);
  write();
}
