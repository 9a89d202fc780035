// Builds what is stale. usage: node scripts/build.mjs [--check] [--no-shell] [--force]
//   --check     says nothing when there is nothing to do
//   --no-shell  leaves out what only Electron runs
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withLock } from './lib/lock.mjs';
import { inRoot } from './lib/repo.mjs';
import { CannotGoOn, runScript, say, secondsSince } from './lib/say.mjs';
import { filesHash, isStamped, lockfileHash, stamp } from './lib/stamps.mjs';
import { inputsOf, targets } from './lib/targets.mjs';

// What is built is always the real thing, also when a test run asks for it.
process.env['NODE_ENV'] = 'production';

const { values: flags } = parseArgs({
  options: { check: { type: 'boolean' }, 'no-shell': { type: 'boolean' }, force: { type: 'boolean' } },
});

const stampOf = (target) => inRoot('out/.stamp', target.name);

/** The targets that are wanted, can be built, and are not current, each with the stamp it would get. */
function staleTargets() {
  const packages = lockfileHash();
  return targets
    .filter((target) => !(target.shell && flags['no-shell']) && existsSync(inRoot(target.entry)))
    .map((target) => ({ target, text: filesHash(inputsOf(target), packages) }))
    .filter(({ target, text }) => flags.force || !isStamped(stampOf(target), text));
}

async function buildStale() {
  const { bundle } = await import('./lib/bundle.mjs');
  // Asked again under the lock: another builder may have done it meanwhile.
  for (const { target, text } of staleTargets()) {
    const began = performance.now();
    try {
      await bundle(target);
    } catch (error) {
      throw new CannotGoOn(`build: ${target.name} cannot be built: ${error.message}`);
    }
    stamp(stampOf(target), text);
    if (!flags.check) say(`build: ${target.name} (${secondsSince(began)})`);
  }
}

await runScript(async () => {
  if (!flags.check) {
    const absent = targets.filter((target) => !existsSync(inRoot(target.entry)));
    if (absent.length > 0)
      say(`build: left out, no source yet: ${absent.map(({ name }) => name).join(', ')}`);
  }
  const stale = staleTargets();
  if (stale.length > 0) return withLock(inRoot('out/.lock'), buildStale);
  if (!flags.check) say('build: everything is current');
});
