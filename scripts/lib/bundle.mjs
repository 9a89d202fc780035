// One target through Vite: into a folder of its own, then moved into place file by file,
// so that a program that starts meanwhile reads an old file or a new one, never half of one.
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { filesBelow, inRoot, root } from './repo.mjs';
import { pages } from './targets.mjs';

/** Builds one target. Throws what Vite throws. */
export async function bundle(target) {
  const { build } = await import('vite');
  const workshop = inRoot('out/.workshop', target.name);
  rmSync(workshop, { recursive: true, force: true });
  await build(await configOf(target, workshop));
  moveInto(workshop, inRoot('out', target.out), target);
  rmSync(workshop, { recursive: true, force: true });
}

async function configOf(target, outDir) {
  const common = { configFile: false, envDir: false, logLevel: 'warn', publicDir: false };
  const build = {
    outDir,
    target: target.target,
    minify: true,
    reportCompressedSize: false,
    emptyOutDir: true,
  };
  if (target.kind !== 'renderer') return { root, ...common, ...nodeConfig(target, build) };
  const { default: react } = await import('@vitejs/plugin-react');
  return {
    ...common,
    root: inRoot('src-renderer'),
    // Relative, because the pages are served from a scheme of ours.
    base: './',
    plugins: [react()],
    // No data: URLs: the pages' content security policy lets in files only.
    build: {
      ...build,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: pages() },
    },
  };
}

/** What CommonJS packages inside an ES module still ask for by these names. */
const COMMON_JS = [
  `import { createRequire as __createRequire } from 'node:module';`,
  `const require = __createRequire(import.meta.url);`,
  `const __filename = import.meta.filename, __dirname = import.meta.dirname;`,
].join('');

/** One file with everything inside but Node's own modules and Electron. */
function nodeConfig(target, build) {
  const preload = target.kind === 'preload';
  return {
    plugins: [leaveOut(target.leftOut ?? [])],
    ssr: { noExternal: true, target: 'node' },
    build: {
      ...build,
      ssr: inRoot(target.entry),
      rolldownOptions: {
        external: [/^electron(\/.+)?$/],
        output: {
          format: preload ? 'cjs' : 'esm',
          entryFileNames: target.file,
          codeSplitting: target.lazy !== undefined,
          chunkFileNames: (chunk) => `${lazyName(target, chunk)}.js`,
          ...(preload ? {} : { banner: COMMON_JS }),
        },
      },
    },
  };
}

/** Modules that some package imports and we never use: whoever does use one is told. */
function leaveOut(modules) {
  const id = '\0left-out';
  return {
    name: 'leave-out',
    enforce: 'pre',
    resolveId: (source) => (modules.includes(source) ? id : null),
    load: (loaded) =>
      loaded === id
        ? `const absent = () => { throw new Error('left out of this bundle (scripts/lib/targets.mjs)'); };
           export { absent as default, absent as Ajv2020 };`
        : null,
  };
}

/** A package that is loaded late keeps a file of its own, named after what it is for. */
function lazyName(target, chunk) {
  const holds = ([packageName]) => chunk.moduleIds.some((id) => id.includes(`/node_modules/${packageName}/`));
  return Object.entries(target.lazy ?? {}).find(holds)?.[1] ?? chunk.name;
}

/** The renderer owns its whole folder; the others own the one file they make. */
function moveInto(workshop, folder, target) {
  const made = filesBelow(workshop).map((file) => relative(workshop, file));
  for (const file of made) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    renameSync(join(workshop, file), join(folder, file));
  }
  if (target.kind !== 'renderer') return;
  for (const file of filesBelow(folder)) {
    if (!made.includes(relative(folder, file))) rmSync(file);
  }
  removeEmptyFolders(folder);
}

function removeEmptyFolders(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmptyFolders(join(folder, entry.name));
  }
  if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}
