import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export function checkTypes(root) {
  const tsc = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--pretty', 'false'], { cwd: root, stdio: 'inherit' });
  if (tsc.status !== 0) process.exit(1);
}
