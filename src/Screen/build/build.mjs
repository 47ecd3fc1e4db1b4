// Makes the screen: types checked, one bundle, compressed copies beside every file. `node build/build.mjs [folder]`
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';
import { checkTypes } from './check.mjs';
import { digestOf } from './inputs.mjs';
import { installPackages } from './install.mjs';
import { withLock } from './lock.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = resolve(process.argv[2] ?? join(root, '../Api/wwwroot'));
const page = join(target, 'index.html');
const stamp = join(root, 'node_modules', '.built');

await withLock(join(root, '.build.lock'), async () => {
  const inputs = `${target} ${digestOf(root)}`;
  if (existsSync(page) && existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) {
    // Another build made it meanwhile, or a file was only touched.
    utimesSync(page, new Date(), new Date());
    return;
  }

  installPackages(root);
  checkTypes(root);
  await bundle(root, target);
  writeFileSync(stamp, inputs);
});
