// What is built from what. Nothing here loads Vite: the stale check must stay quick.
import { readdirSync } from 'node:fs';
import { filesBelow, inRoot } from './repo.mjs';

/** Electron 33's Node and Chromium, the oldest that run us (the test Electron; the real one is newer). */
const NODE = 'node20.18';
const CHROME = 'chrome130';

/**
 * A target: `sources` are the folders whose change makes it stale, `entry` must exist or it is left out,
 * `out` is its folder below out/. Targets that share an `out` own the files they write, not the folder.
 */
export const targets = [
  {
    name: 'main',
    shell: true,
    kind: 'node',
    entry: 'src-main/main.ts',
    sources: ['src-main', 'src-shared', 'src-engine'],
    out: 'main',
    file: 'index.js',
    target: NODE,
    // What electron-store has for schemas and migrations, neither of which we give it: half of all code
    // that Electron would read before the icon is there.
    leftOut: ['ajv/dist/2020.js', 'ajv-formats', 'semver'],
  },
  {
    name: 'preload',
    shell: true,
    kind: 'preload',
    entry: 'src-main/preload.ts',
    sources: ['src-main', 'src-shared'],
    out: 'preload',
    file: 'popover.cjs',
    target: CHROME,
  },
  {
    name: 'renderer',
    shell: true,
    kind: 'renderer',
    entry: 'src-renderer/popover.html',
    sources: ['src-renderer', 'src-shared'],
    out: 'renderer',
    target: CHROME,
  },
  {
    name: 'engine',
    kind: 'node',
    entry: 'src-engine/main.ts',
    sources: ['src-engine', 'src-shared'],
    out: 'engine',
    file: 'main.js',
    target: NODE,
    // Loaded when a cluster runs, once at the start, and when another Mac is looked for: 34 MB less without them.
    lazy: {
      '@kubernetes/client-node': 'kubernetes-client',
      systeminformation: 'host-facts',
      'bonjour-service': 'bonjour',
    },
  },
  {
    name: 'embedded-node',
    kind: 'node',
    entry: 'src-engine/cluster/embedded/node-main.ts',
    sources: ['src-engine', 'src-shared'],
    out: 'engine',
    file: 'embedded-node.js',
    target: NODE,
  },
  {
    name: 'front',
    kind: 'node',
    entry: 'src-engine/traffic/front-main.ts',
    sources: ['src-engine', 'src-shared'],
    out: 'engine',
    file: 'front.js',
    target: NODE,
  },
  {
    name: 'relay',
    kind: 'node',
    entry: 'src-engine/wire-relay.ts',
    sources: ['src-engine', 'src-shared'],
    out: 'engine',
    file: 'relay.js',
    target: NODE,
    // Loaded when a pod stands behind an export; the engine has a file of its own for it.
    lazy: { '@kubernetes/client-node': 'relay-kubernetes-client' },
  },
  {
    name: 'cli',
    kind: 'node',
    entry: 'src-cli/main.ts',
    sources: ['src-cli', 'src-engine', 'src-shared'],
    out: 'cli',
    file: 'main.js',
    target: NODE,
  },
  ...[
    ['demo', 'main.ts', 'demo.js'],
    ['demo-load', 'load-main.ts', 'demo-load.js'],
  ].map(([name, entry, file]) => ({
    name,
    kind: 'node',
    entry: `src-demo/${entry}`,
    sources: ['src-demo', 'src-engine/platform', 'src-shared'],
    out: 'cli',
    file,
    target: NODE,
  })),
];

/** The files that a target is made from: its sources without their tests, and what steers the build. */
export function inputsOf(target) {
  const steering = [
    'scripts/build.mjs',
    'scripts/lib/targets.mjs',
    'scripts/lib/bundle.mjs',
    'tsconfig.json',
  ];
  return [
    ...target.sources
      .flatMap((folder) => filesBelow(inRoot(folder)))
      .filter((file) => !/\.test\.tsx?$/.test(file)),
    ...steering.map((file) => inRoot(file)),
  ];
}

/** Every page of the renderer, by the name of its file. */
export function pages() {
  const names = readdirSync(inRoot('src-renderer')).filter((name) => name.endsWith('.html'));
  return Object.fromEntries(names.map((name) => [name.replace(/\.html$/, ''), inRoot('src-renderer', name)]));
}
