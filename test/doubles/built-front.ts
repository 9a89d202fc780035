import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
let building: Promise<string> | null = null;

/** out/engine/front.js, made of the sources of now in a folder of this run: unit tests need no build before them. */
export function builtFront(): Promise<string> {
  return (building ??= make());
}

async function make(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'tandem-front-js-'));
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }));
  await build({
    root,
    configFile: false,
    envDir: false,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true, target: 'node' },
    build: {
      outDir,
      target: 'node20.18',
      minify: false,
      ssr: join(root, 'src-engine/traffic/front-main.ts'),
      rolldownOptions: {
        output: {
          format: 'esm',
          entryFileNames: 'front.js',
          banner: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __filename = import.meta.filename, __dirname = import.meta.dirname;`,
        },
      },
    },
  });
  writeFileSync(join(outDir, 'package.json'), '{"type":"module"}');
  return join(outDir, 'front.js');
}
