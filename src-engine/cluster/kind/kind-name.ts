import type { DockerApi } from '../docker/docker-api.ts';
import type { Clock } from '../../platform/clock.ts';
import type { KindMemory } from './kind-memory.ts';

/** Where kubelet, and so every pod, has the address of the cluster's DNS from. */
const KUBELET_CONFIG = '/var/lib/kubelet/config.yaml';
const DNS_PORT = 53;

/**
 * Asks the cluster's DNS, at the address of its Service, for the API's Service by name, and prints `answered`, `silent`, or
 * `untold` where there is nothing to ask with. What answers is the whole way that a pod's question takes: the node's
 * Service rules, the pod network, CoreDNS and what it has heard of the API. CoreDNS can be Ready up to 5 s before that
 * (recordings of kind, stop-start-1node). By TCP, which needs no tool that a node image lacks: kind itself wants bash.
 */
export function nameScript(config = KUBELET_CONFIG, port = DNS_PORT): string {
  return String.raw`command -v bash >/dev/null && command -v timeout >/dev/null || { echo untold; exit 0; }
timeout 2 bash -c '
ip=$(sed -n "/^clusterDNS:/{n;s/^[ -]*//p}" "$0" | tr -d "\"")
zone=$(sed -n "s/^clusterDomain: *//p" "$0" | tr -d "\"")
[ -n "$ip" ] && [ -n "$zone" ] || { echo untold; exit 0; }
name=kubernetes.default.svc.$zone
question="\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
for part in $(echo "$name" | tr . " "); do question+=$(printf "\\\\x%02x%s" ${'$'}{#part} "$part"); done
question+="\x00\x00\x01\x00\x01"
exec 3<>"/dev/tcp/$ip/$1"
printf "\x00$(printf "\\\\x%02x" $((${'$'}{#name} + 18)))$question" >&3
reply=($(head -c 14 <&3 | od -An -v -tu1))
[ ${'$'}{#reply[@]} -eq 14 ] || exit 1
((reply[2] == 18 && reply[3] == 52 && (reply[5] & 15) == 0 && reply[8] * 256 + reply[9] > 0)) || exit 1
echo answered' '${config}' ${port} || echo silent`;
}

export type NameAnswer = 'answered' | 'silent' | 'untold';

/** What the script printed, whatever a shell's own messages say beside it. Nothing: it could not be run now. */
export function nameAnswer(printed: string | null): NameAnswer {
  if (printed === null) return 'silent';
  if (/\banswered\b/.test(printed)) return 'answered';
  return /\buntold\b/.test(printed) ? 'untold' : 'silent';
}

export interface NameEyes {
  readonly docker: Pick<DockerApi, 'inside'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly memory: KindMemory;
  /** Whether Services lead to the pods that run now, as the API has it. */
  isSettled(): Promise<boolean>;
}

/** One run of a cluster, from a start to the next. */
export interface NamedRun {
  readonly cluster: string;
  /** What changes with every start of its nodes. */
  readonly id: string;
  readonly nodes: readonly string[];
  /** It has just been started: what its Services lead to may not have reached every node yet. */
  readonly isYoung: boolean;
}

/**
 * Whether Services answer by name on every node: the API's own words agree with its pods, the nodes have had the time to
 * hear them, and a question is answered. Asked until it is, then not again in this run: it costs a process in each node.
 */
export async function answersByName(eyes: NameEyes, run: NamedRun): Promise<boolean> {
  const { docker, memory } = eyes;
  if (memory.namedIn.get(run.cluster) === run.id) return true;
  if (run.isYoung && !(await isTold(eyes, run))) return false;
  const answers = await Promise.all(run.nodes.map((node) => docker.inside(node, nameScript())));
  const isSilent = answers.some((printed) => nameAnswer(printed) === 'silent');
  if (!isSilent) memory.namedIn.set(run.cluster, run.id);
  return !isSilent;
}

/** kube-proxy gathers changes for a second before it writes rules (`--iptables-min-sync-period`, default 1s). */
const RULES_MS = 1000;

async function isTold({ clock, memory, isSettled }: NameEyes, { cluster, id }: NamedRun): Promise<boolean> {
  const nowMs = clock.monotonicMs();
  const known = memory.settledIn.get(cluster);
  if (!(await isSettled())) {
    memory.settledIn.delete(cluster);
    return false;
  }
  if (known?.id !== id) {
    memory.settledIn.set(cluster, { id, atMs: clock.monotonicMs() });
    return false;
  }
  return nowMs - known.atMs >= RULES_MS;
}
