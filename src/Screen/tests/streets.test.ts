import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineOf, Streets } from '../src/places/streets.ts';

const settle = () => new Promise(resolve => setTimeout(resolve));

class Server {
  readonly asked: string[] = [];
  readonly answers: (() => void)[] = [];
  isHeld = false;

  async get<T>(path: string): Promise<T> {
    this.asked.push(path);
    if (this.isHeld) {
      await new Promise<void>(resolve => this.answers.push(resolve));
    }

    return { place: path.includes('53.') ? null : { street: 'Neuweg', town: 'Hilversum' } } as T;
  }
}

test('a place is asked for once, and named by its street and town', async () => {
  const server = new Server();
  const streets = new Streets(server, () => true, () => 0);
  let told = 0;
  streets.found.on(() => told++);

  assert.equal(streets.of('a', { latitude: 52.22341, longitude: 5.17 }), undefined);
  await settle();
  assert.equal(streets.of('a', { latitude: 52.22339, longitude: 5.17 }), 'Neuweg, Hilversum');
  assert.equal(streets.of('b', { latitude: 52.2234, longitude: 5.17001 }), 'Neuweg, Hilversum');
  assert.equal(streets.of('c', { latitude: 53.1, longitude: 5 }), undefined);
  await settle();
  streets.of('c', { latitude: 53.1, longitude: 5 });

  assert.deepEqual(server.asked, ['/api/places/reverse?latitude=52.2234&longitude=5.1700', '/api/places/reverse?latitude=53.1000&longitude=5.0000']);
  assert.equal(told, 2);
});

test('a van that drives is asked about no more often than its street changes, and keeps its name meanwhile', async () => {
  const server = new Server();
  let now = 0;
  const streets = new Streets(server, () => true, () => now);
  streets.of('a', { latitude: 52.1, longitude: 5 });
  await settle();
  assert.equal(streets.of('a', { latitude: 52.1, longitude: 5 }), 'Neuweg, Hilversum');

  for (now = 1_000; now < 15_000; now += 1_000) {
    assert.equal(streets.of('a', { latitude: 52.1 + now / 1e6, longitude: 5 }), 'Neuweg, Hilversum');
  }

  assert.equal(server.asked.length, 1);
  now = 15_000;
  streets.of('a', { latitude: 52.3, longitude: 5 });
  assert.equal(server.asked.length, 2);
});

test('few questions are under way at once, and the newest goes first', async () => {
  const server = new Server();
  server.isHeld = true;
  const streets = new Streets(server, () => true, () => 0);
  for (let i = 0; i < 60; i++) {
    streets.of(`van ${i}`, { latitude: 52 + i / 100, longitude: 5 });
  }

  assert.equal(server.asked.length, 3);
  server.answers[0]!();
  await settle();
  assert.ok(server.asked[3]!.includes('latitude=52.59'));
});

test('who may not ask does not', () => {
  const server = new Server();
  assert.equal(new Streets(server, () => false).of('a', { latitude: 52, longitude: 5 }), undefined);
  assert.deepEqual(server.asked, []);
});

test('an address is one line', () => {
  assert.equal(lineOf({ street: 'Neuweg', houseNumber: '12A', town: 'Hilversum', latitude: 0, longitude: 0 }), 'Neuweg 12A, Hilversum');
  assert.equal(lineOf({ street: 'Neuweg', houseNumber: null, town: 'Hilversum', latitude: 0, longitude: 0 }), 'Neuweg, Hilversum');
});
