import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Companions, type Selection } from '../src/page/companions.ts';
import { onlyFor, onlyOf, viewOf } from '../src/page/only.ts';

test('a window shows what its address names alone, or all', () => {
  assert.deepEqual(['?only=dag', '?only=map', '?only=kaart', '?only=orders', '?only=wand'].map(onlyOf), ['day', 'map', 'map', 'board', 'wall']);
  assert.deepEqual(['', '?only=', '?only=calls', '?other=dag'].map(onlyOf), [undefined, undefined, undefined, undefined]);
  assert.deepEqual([viewOf('wall'), viewOf('day'), onlyFor('board'), onlyFor('inbox')], ['map', 'day', 'board', undefined]);
});

/** The windows of one browser. */
class Air {
  private readonly listeners = new Map<object, (event: MessageEvent) => void>();

  channel() {
    const own = {};
    return {
      postMessage: (data: unknown) => [...this.listeners].filter(([of]) => of !== own).forEach(([, hear]) => hear({ data } as MessageEvent)),
      addEventListener: (_name: string, hear: unknown) => this.listeners.set(own, hear as (event: MessageEvent) => void),
    };
  }
}

function windowsOf(...alone: boolean[]): [Companions, Selection[]][] {
  const air = new Air();
  return alone.map(isOnly => {
    const [companions, heard] = [new Companions(air.channel() as never, isOnly), [] as Selection[]];
    companions.asked.on(selection => heard.push(selection));
    return [companions, heard];
  });
}

const van = { van: '0199a000-0000-7000-8000-000000000001', work: undefined };

test('what is opened in one window is opened in those that show one thing, and the other way round', () => {
  const [[desk, atDesk], [map, onMap], [, elsewhere]] = windowsOf(false, true, false) as [[Companions, Selection[]], [Companions, Selection[]], [Companions, Selection[]]];

  desk.tell(van);
  assert.deepEqual([onMap.length, elsewhere.length], [1, 0]);
  map.tell({ van: undefined, work: { kind: 'visit', id: van.van } });
  assert.deepEqual([atDesk.length, elsewhere.length], [1, 1]);
});

test('what a window was told it does not tell again', () => {
  const [[desk, atDesk], [map, onMap]] = windowsOf(false, true) as [[Companions, Selection[]], [Companions, Selection[]]];

  desk.tell(van);
  map.tell(van);
  desk.tell(van);

  assert.deepEqual([atDesk.length, onMap.length], [0, 1]);
});
