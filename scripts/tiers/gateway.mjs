// The tier with a real Gateway data plane: Traefik and a control plane are built once, and the tests run in a network
// namespace of their own, whose loopback interface has an address that an EndpointSlice may name.
import { inRoot } from '../lib/repo.mjs';
import { run } from '../lib/run.mjs';
import { buildKubeRig } from './kube.mjs';
import { failed, skipped } from './outcome.mjs';
import { runVitest } from './vitest.mjs';

/** Of build.sh, when this machine cannot do it; the sentence is its last line on standard error. */
const CANNOT = 3;
const BUILD_LIMIT_MS = 30 * 60_000;
const OWN_NETWORK = 'ip link set lo up && ip addr add 198.18.0.11/32 dev lo && exec "$@"';
const around = ['unshare', '-rn', 'sh', '-c', OWN_NETWORK, 'sh'];

export async function runGateway(timeoutMs) {
  const { code: apart } = await run(around[0], [...around.slice(1), 'true'], { timeoutMs: 10_000 });
  if (apart !== 0) return skipped('This machine gives no network namespace (unshare -rn, iproute2).');
  const kube = await buildKubeRig();
  if ('outcome' in kube) return kube.outcome;
  const options = { show: 'errors', timeoutMs: BUILD_LIMIT_MS };
  const { code, stdout, stderr } = await run('bash', [inRoot('test/gateway/rig/build.sh')], options);
  if (code === CANNOT) return skipped(lastLine(stderr));
  if (code !== 0) return failed;
  const env = { TANDEM_KUBE_RIG: kube.facts, TANDEM_GATEWAY_RIG: lastLine(stdout) };
  return runVitest('gateway', { env, timeoutMs, around });
}

const lastLine = (text) => text.trimEnd().split('\n').at(-1) ?? '';
