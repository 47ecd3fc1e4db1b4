import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Bundles the screen into a folder: files named by their content, so that they may be cached for good, and the page that names them. */
export async function bundle(root, target) {
  const { build } = await import('esbuild');
  const result = await build({
    entryPoints: { screen: join(root, 'src/main.ts') },
    outdir: target,
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    publicPath: '/assets',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    sourcemap: false,
    metafile: true,
    write: false,
    loader: { '.json': 'file', '.mjs': 'js', '.svg': 'dataurl' },
    plugins: [addressOf(/maplibre-gl-worker\.mjs$/)],
    logLevel: 'warning',
  });

  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const file of result.outputFiles) write(target, basename(file.path), file.contents);
  const named = extension => `/assets/${basename(result.outputFiles.find(file => basename(file.path).startsWith('screen-') && file.path.endsWith(extension)).path)}`;
  const page = readFileSync(join(root, 'src/index.html'), 'utf8').replace('{style}', named('.css')).replace('{script}', named('.js'));
  writeFileSync(join(target, 'index.html'), page);
}

/** Imports the address of such files in place of their content. */
function addressOf(filter) {
  return {
    name: 'address',
    setup(build) {
      build.onLoad({ filter }, ({ path }) => ({ contents: readFileSync(path), loader: 'file' }));
    },
  };
}

function write(target, name, contents) {
  writeFileSync(join(target, name), contents);
  writeFileSync(join(target, `${name}.br`), brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  writeFileSync(join(target, `${name}.gz`), gzipSync(contents, { level: 9 }));
}
