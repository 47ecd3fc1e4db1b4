import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setLanguage } from '../src/i18n/language.ts';
import { mediaLines } from '../src/inbox/media.ts';

const page = { documentElement: { lang: '' }, title: '', querySelectorAll: () => [] };

test('a message says how many files came with it, and which of them are not there', () => {
  Object.defineProperty(globalThis, 'document', { value: page, configurable: true });
  const files = [
    { fileName: 'mail.pdf' }, { fileName: 'a.jpg', state: 'fetched' }, { fileName: 'b.jpg', state: 'awaited' },
    { fileName: 'c_1.jpg', originalFileName: 'c:1.jpg', state: 'lost', fault: 'The provider has it no more.' },
  ] as const;
  setLanguage('en');
  assert.deepEqual(mediaLines(files), [
    { state: 'there', text: '4 files' }, { state: 'awaited', text: 'b.jpg is being fetched' },
    { state: 'lost', text: 'c:1.jpg could not be fetched: The provider has it no more.' }]);
  setLanguage('nl');
  assert.deepEqual(mediaLines(files.slice(2)).map(({ text }) => text), [
    '2 bestanden', 'b.jpg wordt opgehaald', 'c:1.jpg kon niet worden opgehaald: The provider has it no more.']);
  setLanguage('en');
  assert.deepEqual(mediaLines([]), []);
});
