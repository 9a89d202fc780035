// The npm packages, as the lockfile says.
import { inRoot, readJson } from '../lib/repo.mjs';
import { run } from '../lib/run.mjs';
import { CannotGoOn, say, secondsSince } from '../lib/say.mjs';
import { isStamped, lockfileHash, stamp } from '../lib/stamps.mjs';

const STAMP = inRoot('node_modules/.tandem-stamp');
const OLDEST_NODE = [20, 19];

/** Installs what is missing; says nothing when nothing is. */
export async function ensurePackages() {
  checkNode();
  const wanted = lockfileHash();
  if (isStamped(STAMP, wanted)) return;
  if (!isInstalled()) await install();
  stamp(STAMP, wanted);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new CannotGoOn(
    `Node ${OLDEST_NODE.join('.')} or newer is needed, this is ${process.versions.node}: update Node and try again.`,
  );
}

/** True when npm's own record of what it installed has every package of the lockfile in its version. */
function isInstalled() {
  const installed = readJson(inRoot('node_modules/.package-lock.json'))?.packages;
  if (!installed) return false;
  const wanted = Object.entries(readJson(inRoot('package-lock.json')).packages);
  // Optional packages are other platforms' binaries, for the most part.
  return wanted.every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

async function install() {
  const began = performance.now();
  say('set-up: installing the npm packages');
  const { code, stdout, stderr } = await run('npm', ['ci', '--no-audit', '--no-fund']);
  if (code !== 0) {
    say(`${stdout}${stderr}`.trimEnd());
    throw new CannotGoOn(
      'The npm packages cannot be installed: check the network and the lines above, then try again.',
    );
  }
  say(`set-up: npm packages are there (${secondsSince(began)})`);
}
