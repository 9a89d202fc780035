// `npm test [tier...]`: makes the clone ready, then runs the tiers one after another.
// Ends with the line `N passed, N failed, N skipped`; exit 1 when something failed.
import { inRoot } from './lib/repo.mjs';
import { bin, run } from './lib/run.mjs';
import { CannotGoOn, runScript, say, secondsSince } from './lib/say.mjs';
import { ensurePackages } from './setup/packages.mjs';
import { runOnDesktop } from './tiers/desktop.mjs';
import { runKind } from './tiers/kind.mjs';
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

const built = async (task) => {
  const { code } = await run(process.execPath, [inRoot('scripts/build.mjs')], { show: 'all' });
  return code === 0 ? task() : failed;
};

/** A pass of each scenario; every numbered test (test:rig); hours in real time (test:soak). */
function rigMinutes() {
  if (process.env['TANDEM_SOAK'] === '1') return 12 * 60;
  return process.env['TANDEM_RIG'] === 'all' ? 25 : 10;
}

/** Every tier with its limit; the first five are what `npm test` runs. */
const tiers = {
  lint: () => check(process.execPath, [inRoot('scripts/lint.mjs')]),
  types: () => check(bin('tsc'), ['--noEmit']),
  unit: () => runVitest('unit', { timeoutMs: 5 * MINUTE }),
  rig: () => built(() => runRig(rigMinutes() * MINUTE)),
  e2e: () => built(() => runOnDesktop('e2e', 15 * MINUTE)),
  screens: () => built(() => runOnDesktop('screens', 5 * MINUTE)),
  kind: () => built(() => runKind(30 * MINUTE)),
};
const DEFAULT_TIERS = ['lint', 'types', 'unit', 'rig', 'e2e'];
const QUIET_TIERS = ['lint', 'types'];

async function runTier(name) {
  say(`\n== ${name}`);
  const began = performance.now();
  const outcome = await tiers[name]();
  const verdict = outcome.why ? `skipped: ${outcome.why}` : closingLine(outcome).replaceAll(', ', ' · ');
  return { name, outcome, line: `${name.padEnd(8)}${verdict} (${secondsSince(began)})` };
}

await runScript(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !Object.hasOwn(tiers, name));
  if (unknown)
    throw new CannotGoOn(`There is no tier "${unknown}"; there are ${Object.keys(tiers).join(', ')}.`);
  await ensurePackages();
  const names = wanted.length > 0 ? wanted : DEFAULT_TIERS;
  // These say nothing while they run and measure no time: they go beside the unit tests.
  const quiet = names.filter((name) => QUIET_TIERS.includes(name)).map(runTier);
  const done = [];
  for (const name of names.filter((one) => !QUIET_TIERS.includes(one))) {
    if (name !== 'unit') await Promise.all(quiet);
    done.push(await runTier(name));
  }
  done.unshift(...(await Promise.all(quiet)));
  say(`\n${done.map(({ line }) => line).join('\n')}`);
  const total = sum(done.map(({ outcome }) => outcome));
  say(closingLine(total));
  return total.failed > 0 ? 1 : 0;
});
