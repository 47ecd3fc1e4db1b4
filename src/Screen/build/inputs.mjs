import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A digest of all that the bundle is made of. */
export function digestOf(root) {
  const hash = createHash('sha256');
  const folders = ['src', 'build'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name)));
  for (const file of [...folders.sort(), ...['package.json', 'package-lock.json', 'tsconfig.json'].map(name => join(root, name))]) {
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  }

  return hash.digest('hex');
}
