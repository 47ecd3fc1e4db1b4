import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Of the screen, or of the program in another folder of it. */
export function checkTypes(root, folder = '.') {
  const tsc = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--project', join(root, folder), '--pretty', 'false'], { cwd: root, stdio: 'inherit' });
  if (tsc.status !== 0) process.exit(1);
}
