import { t, word } from '../i18n/language.ts';

/** Why an action is refused, in the reader's language where it is one of the reasons known here; else as the server says it. */
export function reasonOf(unmet: string): string {
  const status = /^the status is (\w+)$/.exec(unmet)?.[1];
  return status ? t('reason.status', { status: word('', status).toLowerCase() })
    : unmet.startsWith('the vehicle is not in active use') ? t('reason.inactive')
    : unmet;
}
