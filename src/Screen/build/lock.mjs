import { mkdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const beat = 2_000;
const dead = 15_000;

/** Two builds at once must not install packages in the same folder: the second waits. A holder that died is passed over. */
export async function withLock(path, work) {
  while (!take(path)) {
    await pause(200);
  }

  const alive = setInterval(() => utimesSync(path, new Date(), new Date()), beat);
  const release = () => rmSync(path, { recursive: true, force: true });
  process.once('exit', release);
  try {
    await work();
  } finally {
    clearInterval(alive);
    release();
  }
}

function take(path) {
  try {
    mkdirSync(path);
    return true;
  } catch (fault) {
    if (fault.code !== 'EEXIST') throw fault;
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > dead) rmSync(path, { recursive: true, force: true });
    return false;
  }
}
