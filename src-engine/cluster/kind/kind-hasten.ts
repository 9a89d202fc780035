import type { ClusterRecord } from '../provider.ts';
import type { WaitingDns } from '../start-help.ts';
import type { KindHands } from './kind-hands.ts';
import type { RunSeen } from './kind-observe.ts';
import type { Hasten } from './kind-proofs.ts';

/** A DNS that can reach the API says so within this time; then it waits for a packet that nobody will answer. */
const DNS_GRACE_MS = 1500;

type Hands = Pick<KindHands, 'docker' | 'files' | 'clock' | 'help' | 'log'>;

/**
 * What a start waits for although nothing is missing any more (recordings of kind, note 17), done away with:
 * - controller manager and scheduler wait 15 s for the lease of their own predecessors, which ended with their node: it is
 *   given up for them, as they do themselves when they end in peace;
 * - CoreDNS that called the API before the node's Service rules stood waits 30 s for that call: its pod is replaced once
 *   the rules stand and somebody leads who replaces it. It serves nobody at that moment.
 *
 * What does not succeed costs nothing but the wait.
 */
export function hastenStart(hands: Hands, record: Pick<ClusterRecord, 'name'>): Hasten {
  const file = hands.files.kubeconfig(record.name);
  const reachedAtMs = new Map<string, number>();
  const replaced = new Set<string>();
  let isReleased = false;
  return async (run, missing) => {
    if (!isReleased) isReleased = await hands.help.releaseDead(file, await startsOf(hands, run));
    if (missing !== 'provingDns') return;
    const found = await hands.help.waitingDns(file);
    for (const pod of found?.pods ?? []) {
      if (replaced.has(pod.uid) || !(await isStuck(hands, pod, found?.apiAddress ?? '', reachedAtMs)))
        continue;
      hands.log.info({ name: record.name, pod: pod.name }, 'a DNS pod that waits for nothing is replaced');
      if (await hands.help.replace(file, pod)) replaced.add(pod.uid);
    }
  };
}

async function startsOf({ docker }: Hands, { containers }: RunSeen): Promise<Map<string, Date>> {
  const found = await Promise.all(
    containers.map(async ({ name }) => [name, await docker.inspect(name)] as const),
  );
  return new Map(found.flatMap(([name, seen]) => (seen.ok ? [[name, seen.value.startedAt] as const] : [])));
}

/** The API has been reached from its node for a while by now, by the way that it uses itself, and it is still not ready. */
async function isStuck(
  { docker, clock }: Hands,
  { uid, node }: WaitingDns,
  apiAddress: string,
  reachedAtMs: Map<string, number>,
): Promise<boolean> {
  const since = reachedAtMs.get(uid);
  if (since !== undefined) return clock.monotonicMs() - since >= DNS_GRACE_MS;
  const printed = await docker.inside(node, reachScript(apiAddress));
  if (printed?.includes('reached') === true) reachedAtMs.set(uid, clock.monotonicMs());
  return false;
}

/** Whether the API's Service leads to the API from there: the node's Service rules stand. kind itself wants bash. */
export const reachScript = (address: string, port = 443): string =>
  /^[0-9a-f.:]+$/i.test(address)
    ? `timeout 1 bash -c 'exec 3<>/dev/tcp/${address}/${port}' 2>/dev/null && echo reached || echo silent`
    : 'echo silent';
