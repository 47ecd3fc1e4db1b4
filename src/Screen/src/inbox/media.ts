import { t } from '../i18n/language.ts';
import type { MessageFile } from './types.ts';

interface MediaLine {
  readonly state: 'there' | 'awaited' | 'lost';
  readonly text: string;
}

/** What is to be said of the files of a message: how many there are, and which of them are not there. */
export function mediaLines(files: readonly MessageFile[]): readonly MediaLine[] {
  return files.length === 0 ? [] : [{ state: 'there', text: t('attachments', { n: files.length }) }, ...files.flatMap(missing)];
}

function missing({ fileName, originalFileName, state, fault }: MessageFile): readonly MediaLine[] {
  const name = originalFileName ?? fileName;
  switch (state) {
    case 'awaited': return [{ state, text: t('mediaAwaited', { name }) }];
    case 'lost': return [{ state, text: [t('mediaLost', { name }), fault].filter(Boolean).join(': ') }];
    default: return [];
  }
}
