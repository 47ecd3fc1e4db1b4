import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drafts } from '../src/inbox/drafts.ts';
import { History, perPage } from '../src/inbox/history.ts';
import type { Message } from '../src/inbox/types.ts';

const message = (position: number | null, status = 'sent') => ({ id: `m${position}`, position, status, nature: 'message', attachments: [], createdAt: '2026-12-01T10:00:00Z' }) as Message;

/** A server whose thread has so many messages; it answers as the API does, the newest first. */
function threadOf(count: number) {
  const all = Array.from({ length: count }, (_, i) => message(i + 1));
  return {
    all,
    answer: (query: string) => {
      const asked = new URLSearchParams(query);
      assert.equal(asked.get('sort'), '-position');
      const before = Number(asked.get('cursor') ?? Infinity);
      const items = all.filter(({ position }) => position! < before).toReversed().slice(0, Number(asked.get('limit')));
      return { items, nextCursor: items.length && items.at(-1)!.position! > 1 ? String(items.at(-1)!.position) : null };
    },
  };
}

test('of a long conversation the newest messages come first, and each page of earlier ones before them', () => {
  const [history, thread] = [new History(), threadOf(perPage * 2 + 7)];
  history.takeNewest(thread.answer(history.newest));
  assert.deepEqual([history.messages.length, history.messages[0]?.id, history.messages.at(-1)?.id, history.hasEarlier], [perPage, `m${perPage + 8}`, `m${perPage * 2 + 7}`, true]);
  history.takeEarlier(thread.answer(history.earlier));
  assert.equal(history.messages.length, perPage * 2);
  thread.all.push(message(perPage * 2 + 8));
  thread.all[10] = message(11, 'read');
  history.takeNewest(thread.answer(history.newest));
  assert.deepEqual([history.messages.length, history.messages.at(-1)?.id, history.messages.find(({ id }) => id === 'm11')?.status], [perPage * 2 + 1, `m${perPage * 2 + 8}`, 'read']);
  history.takeEarlier(thread.answer(history.earlier));
  assert.deepEqual([history.messages.map(({ position }) => position), history.hasEarlier], [Array.from({ length: perPage * 2 + 8 }, (_, i) => i + 1), false]);
});

test('where more came than is read at once nothing is shown with a gap in it', () => {
  const [history, thread] = [new History(), threadOf(20)];
  history.takeNewest(thread.answer(history.newest));
  thread.all.push(...Array.from({ length: 600 }, (_, i) => message(21 + i)));
  history.takeNewest(thread.answer(history.newest));
  assert.deepEqual([history.messages[0]?.position, history.messages.at(-1)?.position, history.hasEarlier], [571, 620, true]);
});

test('a draft outlives a reload, and is neither another person’s nor there after signing out', () => {
  const kept = new Map<string, string>();
  const store = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => void kept.set(key, text), removeItem: (key: string) => void kept.delete(key) };
  let person: string | undefined = 'sanne';
  const open = () => new Drafts(() => store, () => person);
  const drafts = open();
  drafts.keep('a/false', 'Wij komen.');
  drafts.keep('b/true', 'Weg ermee.');
  drafts.keep('b/true', '');
  assert.deepEqual([open().of('a/false'), open().of('b/true')], ['Wij komen.', '']);
  drafts.end(false);
  assert.equal(drafts.of('a/false'), 'Wij komen.');
  person = 'bo';
  assert.equal(drafts.of('a/false'), '');
  person = 'sanne';
  drafts.end(true);
  assert.deepEqual([drafts.of('a/false'), kept.size], ['', 0]);
  const blocked = new Drafts(() => {
    throw new Error('blocked');
  }, () => person);
  blocked.keep('a', 'x');
  blocked.end(true);
  assert.equal(blocked.of('a'), '');
});
