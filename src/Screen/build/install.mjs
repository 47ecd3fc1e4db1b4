import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The exit code of a build that could not get its packages: no internet is no fault of the code. */
export const withoutPackages = 69;

/** npm ci, when the lock file is not the one that was installed. */
export function installPackages(root) {
  const wanted = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  const stamp = join(root, 'node_modules', '.installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root, stdio: 'inherit', shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    console.error('The packages of the dispatch screen could not be installed (npm ci).');
    process.exit(withoutPackages);
  }

  writeFileSync(stamp, wanted);
}
