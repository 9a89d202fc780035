// The tier with a real Kubernetes API: builds its programs once, and runs the tests that each bring up a plane of it.
import { inRoot } from '../lib/repo.mjs';
import { run } from '../lib/run.mjs';
import { failed, skipped } from './outcome.mjs';
import { runVitest } from './vitest.mjs';

/** Of build.sh, when this machine cannot do it; the sentence is its last line on standard error. */
const CANNOT = 3;
const BUILD_LIMIT_MS = 30 * 60_000;

/** @returns {Promise<{ facts: string } | { outcome: import('./outcome.mjs').Outcome }>} what TANDEM_KUBE_RIG is to be */
export async function buildKubeRig() {
  const options = { show: 'errors', timeoutMs: BUILD_LIMIT_MS };
  const { code, stdout, stderr } = await run('bash', [inRoot('test/kube/rig/build.sh')], options);
  if (code === CANNOT) return { outcome: skipped(lastLine(stderr)) };
  const facts = lastLine(stdout);
  return code === 0 && facts.startsWith('{') ? { facts } : { outcome: failed };
}

export async function runKube(timeoutMs) {
  const built = await buildKubeRig();
  if ('outcome' in built) return built.outcome;
  return runVitest('kube', { env: { TANDEM_KUBE_RIG: built.facts }, timeoutMs });
}

const lastLine = (text) => text.trimEnd().split('\n').at(-1) ?? '';
