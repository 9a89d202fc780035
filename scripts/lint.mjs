// Rules that a machine can check: oxlint (with types), prettier, who may import whom.
// What is wrong is printed; exit 1 when something is.
import { inRoot } from './lib/repo.mjs';
import { bin, run } from './lib/run.mjs';
import { runScript, say, secondsSince } from './lib/say.mjs';

const checks = [
  ['oxlint', bin('oxlint'), ['--type-aware', '--deny-warnings']],
  [
    'prettier',
    bin('prettier'),
    [
      '--check',
      '--cache',
      '--cache-location',
      inRoot('node_modules/.cache/prettier-check'),
      '--log-level',
      'warn',
      '.',
    ],
  ],
  ['boundaries', process.execPath, [inRoot('scripts/lib/boundaries.mjs')]],
];

await runScript(async () => {
  const results = await Promise.all(
    checks.map(async ([name, program, args]) => ({ name, ...(await run(program, args)) })),
  );
  for (const { name, code, stdout, stderr } of results) {
    if (code !== 0) say(`${stdout}${stderr}lint: ${name} found something`);
  }
  const good = results.filter(({ code }) => code === 0).map(({ name }) => name);
  if (good.length > 0) say(`lint: ${good.join(', ')}: nothing to say (${secondsSince()})`);
  return good.length === results.length ? 0 : 1;
});
