import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What CommonJS packages inside an ES module still ask for by these names (as in scripts/lib/bundle.mjs). */
const COMMON_JS = [
  `import { createRequire as __createRequire } from 'node:module';`,
  `const require = __createRequire(import.meta.url);`,
  `const __filename = import.meta.filename, __dirname = import.meta.dirname;`,
].join('');
let building: Promise<string> | null = null;

/** The program of front and gate, made of the sources of now: unit tests need no build before them. */
export function builtFront(): Promise<string> {
  return (building ??= make());
}

async function make(): Promise<string> {
  // Two workers may build at once: each in a folder of its own, then moved into place.
  const outDir = join(root, 'out/.workshop', `front-test-${process.pid}`);
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
      rolldownOptions: { output: { format: 'esm', entryFileNames: 'front.js', banner: COMMON_JS } },
    },
  });
  const folder = join(root, 'out/.test');
  mkdirSync(folder, { recursive: true });
  renameSync(join(outDir, 'front.js'), join(folder, 'front.js'));
  rmSync(outDir, { recursive: true, force: true });
  return join(folder, 'front.js');
}
