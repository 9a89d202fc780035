import { configDefaults, defineConfig } from 'vitest/config';

/** Every numbered test; those measure times to the tenth of a second, one at a time. */
const isWhole = process.env['TANDEM_RIG'] === 'all';

/** Files that `npm test` leaves to `npm run test:rig` and `npm run test:soak`. */
const later = [
  ...(isWhole ? [] : ['**/*.whole.test.ts']),
  ...(process.env['TANDEM_SOAK'] === '1' ? [] : ['**/*.soak.test.ts']),
];

/** Two engines on one wire, and no time that is measured: they go where tests wait beside the desktop's. */
const untimed = ['test/rig/link-{security,pairing,bad-input}.test.ts'];

const long = { testTimeout: 60_000, hookTimeout: 120_000 };

const paces = {
  /** Two processes for all files: a third of the time of one process for each. */
  quick: { isolate: false },
  /** Tests that mostly wait, each in a world of its own: two files at a time. */
  patient: long,
  /** Tests that measure time, or share one machine-wide thing: a display, a bus, a container runtime. */
  alone: { ...long, fileParallelism: false },
};

/** The tiers of `npm test` (scripts/test.mjs): each is a project, run by its name. */
const tier = (name: string, pace: keyof typeof paces, include: string[], exclude: string[] = []) => ({
  test: {
    name,
    include,
    exclude: [...configDefaults.exclude, ...exclude],
    environment: 'node',
    ...paces[pace],
  },
});

// eslint-disable-next-line import/no-default-export -- Vitest reads the default export.
export default defineConfig({
  test: {
    // Two cores are what every machine of ours has at least.
    maxWorkers: 2,
    projects: [
      tier('unit', 'quick', ['src-*/**/*.test.{ts,tsx}', 'test/*.test.ts'], ['**/*.whole.test.ts']),
      tier('engine', 'patient', ['test/engine/**/*.test.ts', 'src-*/**/*.whole.test.ts', ...untimed], later),
      tier('rig', isWhole ? 'alone' : 'patient', ['test/rig/**/*.test.ts'], [...untimed, ...later]),
      tier('e2e', 'alone', ['test/e2e/**/*.test.ts'], later),
      tier('screens', 'alone', ['test/e2e/{screens,pair,cluster}.test.ts']),
      tier('desktop', 'alone', ['test/e2e/**/*.whole.test.ts']),
      tier('kube', 'alone', ['test/kube/**/*.test.ts']),
      tier('kind', 'alone', ['test/kind/**/*.test.ts'], later),
      tier('gateway', 'alone', ['test/gateway/**/*.test.ts']),
    ],
  },
});
