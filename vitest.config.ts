import { configDefaults, defineConfig } from 'vitest/config';

/** Files that `npm test` leaves to `npm run test:rig` and `npm run test:soak`. */
const later = [
  ...(process.env['TANDEM_RIG'] === 'all' ? [] : ['**/*.whole.test.ts']),
  ...(process.env['TANDEM_SOAK'] === '1' ? [] : ['**/*.soak.test.ts']),
];

/** The tiers of `npm test` (scripts/test.mjs): each is a project, run by its name. */
const tier = (name: string, include: string[], slow: boolean, exclude: string[] = []) => ({
  test: {
    name,
    include,
    exclude: [...configDefaults.exclude, ...exclude],
    environment: 'node',
    // Tests of one machine-wide thing (a display, a bus, a container runtime) run one after another.
    ...(slow ? { fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 } : {}),
  },
});

// eslint-disable-next-line import/no-default-export -- Vitest reads the default export.
export default defineConfig({
  test: {
    // Two cores are what every machine of ours has at least.
    maxWorkers: 2,
    projects: [
      tier('unit', ['src-*/**/*.test.{ts,tsx}', 'test/*.test.ts'], false),
      tier('rig', ['test/rig/**/*.test.ts'], true, later),
      tier('e2e', ['test/e2e/**/*.test.ts'], true),
      tier('screens', ['test/e2e/screens.test.ts'], true),
      tier('kind', ['test/kind/**/*.test.ts'], true),
    ],
  },
});
