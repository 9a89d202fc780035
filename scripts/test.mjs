// `npm test [tier...]`: makes the clone ready, then runs the tiers one after another.
// Ends with the line `N passed, N failed, N skipped`; exit 1 when something failed.
import { inRoot } from './lib/repo.mjs';
import { bin, run } from './lib/run.mjs';
import { CannotGoOn, runScript, say, secondsSince } from './lib/say.mjs';
import { ensurePackages } from './setup/packages.mjs';
import { runOnDesktop } from './tiers/desktop.mjs';
import { runGateway } from './tiers/gateway.mjs';
import { runKind } from './tiers/kind.mjs';
import { runKube } from './tiers/kube.mjs';
import { closingLine, failed, passed, sum } from './tiers/outcome.mjs';
import { runRig } from './tiers/rig.mjs';
import { runVitest } from './tiers/vitest.mjs';

const MINUTE = 60_000;

/** Runs a checker; what it says is shown when it found something. */
async function check(program, args) {
  const { code, stdout, stderr } = await run(program, args, { timeoutMs: 5 * MINUTE });
  if (code !== 0) say(`${stdout}${stderr}`.trimEnd());
  return code === 0 ? passed : failed;
}

/** With `test:rig` every test that there is, not one pass of each scenario. */
const isWhole = process.env['TANDEM_RIG'] === 'all';

/** Hours in real time with `test:soak`. */
const rigMinutes = () => (process.env['TANDEM_SOAK'] === '1' ? 12 * 60 : isWhole ? 50 : 10);

/** Every tier with its limit; those of DEFAULT_TIERS are what `npm test` runs. */
const tiers = {
  lint: () => check(process.execPath, [inRoot('scripts/lint.mjs')]),
  types: () =>
    check(bin('tsc'), [
      '--noEmit',
      '--incremental',
      '--tsBuildInfoFile',
      inRoot('node_modules/.cache/tsc.json'),
    ]),
  unit: () => runVitest('unit', { timeoutMs: 5 * MINUTE }),
  engine: (show) => runVitest('engine', { timeoutMs: (isWhole ? 25 : 10) * MINUTE, show }),
  rig: () => runRig(rigMinutes() * MINUTE),
  e2e: () => runOnDesktop('e2e', 15 * MINUTE),
  screens: () => runOnDesktop('screens', 7 * MINUTE),
  /** What e2e leaves out: every picture of the hand-off, and the demo with its panel. */
  desktop: () => runOnDesktop('desktop', 15 * MINUTE),
  kube: () => runKube(15 * MINUTE),
  kind: () => runKind((isWhole ? 75 : 30) * MINUTE),
  gateway: () => runGateway(10 * MINUTE),
};
const NEEDS_BUILD = ['engine', 'rig', 'e2e', 'screens', 'desktop', 'kind', 'gateway'];
const DEFAULT_TIERS = ['lint', 'types', 'unit', 'rig', 'engine', 'e2e'];
/** What waits more than it works goes beside another; what it says comes at its end. Tiers that measure time run alone. */
const BESIDE = { lint: 'unit', types: 'unit', engine: 'e2e' };

let building;
/** Builds once, for all that need it; false when it failed. */
const built = () =>
  (building ??= run(process.execPath, [inRoot('scripts/build.mjs')], { show: 'all' }).then(
    ({ code }) => code === 0,
  ));

async function runTier(name, show = 'all') {
  if (show === 'all') say(`\n== ${name}`);
  const began = performance.now();
  const outcome = !NEEDS_BUILD.includes(name) || (await built()) ? await tiers[name](show) : failed;
  const verdict = outcome.why ? `skipped: ${outcome.why}` : closingLine(outcome).replaceAll(', ', ' · ');
  return { name, outcome, line: `${name.padEnd(8)}${verdict} (${secondsSince(began)})` };
}

/** The wanted tiers, as groups that run one after another: what goes beside a tier, and then that tier. */
function groupsOf(names) {
  const isBeside = (name) => names.includes(BESIDE[name]);
  return names
    .filter((name) => !isBeside(name))
    .map((main) => ({ main, beside: names.filter((name) => BESIDE[name] === main) }));
}

await runScript(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !Object.hasOwn(tiers, name));
  if (unknown)
    throw new CannotGoOn(`There is no tier "${unknown}"; there are ${Object.keys(tiers).join(', ')}.`);
  await ensurePackages();
  const names = wanted.length > 0 ? wanted : DEFAULT_TIERS;
  const done = [];
  for (const { main, beside } of groupsOf(names)) {
    const aside = beside.map((name) => runTier(name, 'after'));
    done.push(await runTier(main), ...(await Promise.all(aside)));
  }
  done.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
  say(`\n${done.map(({ line }) => line).join('\n')}`);
  const total = sum(done.map(({ outcome }) => outcome));
  say(closingLine(total));
  return total.failed > 0 ? 1 : 0;
});
