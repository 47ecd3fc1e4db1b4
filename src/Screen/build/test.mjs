// Runs the tests of the screen's pure modules in Node. `npm test`
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkTypes } from './check.mjs';
import { installPackages } from './install.mjs';
import { withLock } from './lock.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'node_modules', '.tests');
await withLock(join(root, '.build.lock'), async () => installPackages(root));
checkTypes(root, 'tests');
// A test that was renamed would go on under its old name.
rmSync(out, { recursive: true, force: true });
const { build } = await import('esbuild');
await build({
  entryPoints: readdirSync(join(root, 'tests')).filter(name => name.endsWith('.test.ts')).map(name => join(root, 'tests', name)),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // Node 20 has no navigator; the modules ask it for the reader's language.
  banner: { js: "globalThis.navigator ??= { languages: ['en'] };" },
  logLevel: 'warning',
});
const files = readdirSync(out).filter(name => name.endsWith('.test.mjs')).map(name => join(out, name));
process.exitCode = spawnSync(process.execPath, ['--test', ...files], { cwd: root, stdio: 'inherit' }).status ?? 1;
