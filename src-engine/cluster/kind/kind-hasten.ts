import type { ClusterRecord } from '../provider.ts';
import type { WaitingDns } from '../start-help.ts';
import type { KindHands } from './kind-hands.ts';
import { isControlPlane, type RunSeen } from './kind-observe.ts';
import type { Hasten } from './kind-proofs.ts';

/** A CoreDNS that can reach the API is ready within this time. */
const DNS_GRACE_MS = 1500;
/** Of CoreDNS' `ready` plugin, as kubeadm sets it up. */
const READY_PORT = 8181;

type Hands = Pick<KindHands, 'docker' | 'files' | 'clock' | 'help' | 'log' | 'pods'>;

/**
 * What a start waits for although nothing is missing any more (recordings of kind, note 17), done away with:
 * - controller manager and scheduler wait 15 s for the lease of their own predecessors, which ended with their node: it is
 *   given up for them, as they do themselves when they end in peace. With one control plane alone: nobody else can lead;
 * - CoreDNS that called the API before the node's Service rules stood waits 30 s for that call: its pod is replaced once
 *   the rules stand, it says itself that it waits, somebody leads who replaces it, and its node takes the new one. It serves
 *   nobody at that moment. Each pod that was there when the rules came, once: a new one cannot have called too early.
 *
 * What does not succeed costs nothing but the wait.
 */
export function hastenStart(hands: Hands, record: Pick<ClusterRecord, 'name'>): Hasten {
  const help = hands.help(hands.files.kubeconfig(record.name));
  const dns = new Map<string, Waits>();
  let isReleased = false;
  let isOpened = false;
  return async ({ starts, containers }: RunSeen, missing) => {
    if (!isReleased)
      isReleased = containers.filter(isControlPlane).length !== 1 || (await help.releaseDead(starts));
    if (missing !== 'provingDns') return;
    const found = await help.waitingDns();
    for (const pod of found?.pods ?? []) {
      if (!(await isStuck(hands, dns, pod, found?.apiAddress ?? ''))) continue;
      if (pod.hasPlace) await replaced(help, hands, dns, pod);
      // What a departure has closed; a cordon of others stays, and the pod with it.
      else if (!isOpened) isOpened = await opened(hands, record);
    }
  };
}

/** When a pod was first seen to wait for nothing, monotonic; null: the rules of its node stood before it did. */
type Waits = { readonly sinceMs: number | null; readonly node: string };

async function isStuck(
  { docker, clock }: Hands,
  dns: Map<string, Waits>,
  { uid, node, address }: WaitingDns,
  apiAddress: string,
): Promise<boolean> {
  const waits = dns.get(uid);
  if (waits?.sinceMs === null) return false;
  const said = dnsSaid(await docker.inside(node, dnsScript(apiAddress, address)));
  if (said !== 'waits') return false;
  if (waits !== undefined) return clock.monotonicMs() - (waits.sinceMs ?? Infinity) >= DNS_GRACE_MS;
  const isNew = [...dns.values()].some((other) => other.node === node && other.sinceMs === null);
  dns.set(uid, { sinceMs: isNew ? null : clock.monotonicMs(), node });
  return false;
}

async function replaced(
  help: ReturnType<KindHands['help']>,
  { log }: Hands,
  dns: Map<string, Waits>,
  pod: WaitingDns,
): Promise<void> {
  log.info({ pod: pod.name, node: pod.node }, 'a DNS pod that waits for nothing is replaced');
  // Whatever comes after it on this node came after the rules.
  if (await help.replace(pod)) dns.set(pod.uid, { sinceMs: null, node: pod.node });
}

async function opened({ files, pods }: Hands, { name }: Pick<ClusterRecord, 'name'>): Promise<boolean> {
  const kubeconfig = await files.kubeconfigText(name);
  return kubeconfig !== null && pods.open(kubeconfig);
}

/**
 * Prints `waits` when the API's Service leads to the API from that node, which it does once its Service rules stand, and
 * the DNS pod there says that it is not ready; `silent` in every other case. kind itself wants bash.
 */
export function dnsScript(
  apiAddress: string,
  podAddress: string,
  ports = { api: 443, ready: READY_PORT },
): string {
  const isAddress = (text: string): boolean => /^[0-9a-f.:]+$/i.test(text);
  if (!isAddress(apiAddress) || !isAddress(podAddress)) return 'echo silent';
  return String.raw`timeout 2 bash -c '
exec 3<>/dev/tcp/${apiAddress}/${ports.api} || exit 1
exec 4<>/dev/tcp/${podAddress}/${ports.ready} || exit 1
printf "GET /ready HTTP/1.0\r\n\r\n" >&4
read -r _ status _ <&4
[ "$status" = 503 ]' 2>/dev/null && echo waits || echo silent`;
}

const dnsSaid = (printed: string | null): 'waits' | 'silent' =>
  printed !== null && /\bwaits\b/.test(printed) ? 'waits' : 'silent';
