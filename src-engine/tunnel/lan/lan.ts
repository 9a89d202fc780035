import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { exportsMessageSchema, type ExportsMessage } from '../../../src-shared/tunnel-messages.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { Result } from '../../../src-shared/errors/result.ts';
import { writePrivately } from '../../platform/files.ts';
import type { OwnCluster, PairKeys, RelayAdapter, ServiceHands, TunnelPorts } from '../ports.ts';
import { readRelayFile, type RelayState, type RelayWish } from '../relay/relay-config.ts';
import { careFor, type ClusterOutcome } from './cluster-care.ts';
import { addExport, removeExport } from './exports.ts';
import { loopbackPlace, type HostPlace } from './host-place.ts';
import { openLanMemory, type LanExport, type LanMemory } from './lan-memory.ts';
import { keyOfService, lanView, servesNow, type LanView } from './lan-view.ts';
import { ownObjects } from './own-objects.ts';
import { listenWish } from './relay-listen.ts';
import { isIdle, relayWish } from './relay-wish.ts';
import { sourceOf, toldServices, type Source } from './sources.ts';
import { standingOf, type Standing } from './standing.ts';

/** LAN mode: relays, Services and names, as both Macs' exports want them. */
export interface Lan {
  /** One round: looks at everything, and makes it as it should be. */
  settle(keys: PairKeys): Promise<LanView>;
  /**
   * Nothing of it is left: another kind was chosen, or nobody is paired.
   *
   * @param forget what was exported, too
   * @returns false while the cluster cannot be asked
   */
  withdraw(forget: boolean): Promise<boolean>;
  /** Did the relay say something new, to which a round belongs? */
  hasNews(): Promise<boolean>;
  add(service: LanExport): Promise<Result<void>>;
  remove(service: Pick<LanExport, 'namespace' | 'name'>): Promise<Result<void>>;
  heard(keys: PairKeys, payload: unknown): Promise<void>;
  /** What was told in another session may not have arrived. */
  tellAgain(): void;
  dispose(how: 'keep' | 'stop'): Promise<void>;
}

interface Inside {
  readonly ports: TunnelPorts;
  readonly memory: LanMemory;
  relay: RelayAdapter | null;
  wish: RelayWish | null;
  state: RelayState | null;
  problem: Problem | null;
  isTold: boolean;
  /** Our own port was somebody else's: any will do. */
  anyPort: boolean;
  /** A relay that an earlier engine left was looked for. */
  isSwept: boolean;
  outcome: ClusterOutcome | null;
  /** Of the cluster's kubeconfig, and what was opened with it. */
  hands: { readonly kubeconfig: string; readonly hands: ServiceHands | null } | null;
  place: { readonly of: string; readonly place: HostPlace } | null;
}

const nothingYet: ClusterOutcome = { blocked: new Map(), names: 'unknown', changes: [] };

export async function openLan(ports: TunnelPorts): Promise<Lan> {
  const inside: Inside = {
    ports,
    memory: await openLanMemory(ports.runFolder),
    relay: null,
    wish: await readRelayFile(join(ports.runFolder, 'relay-config.json')),
    state: null,
    problem: null,
    isTold: false,
    anyPort: false,
    isSwept: false,
    outcome: null,
    hands: null,
    place: null,
  };
  return {
    settle: (keys) => settle(inside, keys),
    withdraw: (forget) => withdraw(inside, forget),
    hasNews: () => hasNews(inside),
    async add(service) {
      const cluster = ports.cluster();
      const hands = await handsOf(inside, cluster);
      return addExport(inside.memory, service, sourcePorts(inside, cluster, hands));
    },
    remove: (service) => removeExport(inside.memory, service),
    async heard({ peerPin }, payload) {
      const said = exportsMessageSchema.safeParse(payload);
      if (said.success) await inside.memory.setSaid(peerPin, said.data);
      else
        ports.log.warn(
          { issues: said.error.issues.length },
          'a word of the other Mac that means nothing here',
        );
    },
    tellAgain: () => void (inside.isTold = false),
    dispose: async (how) => inside.relay?.dispose(how),
  };
}

async function settle(inside: Inside, keys: PairKeys): Promise<LanView> {
  const { ports, memory } = inside;
  const cluster = ports.cluster();
  const hands = await handsOf(inside, cluster);
  const sources = await Promise.all(
    memory.exports().map((each) => sourceOf(each, sourcePorts(inside, cluster, hands))),
  );
  const said = memory.said(keys.peerPin);
  const standing = standingNow(inside);
  const place = cluster === null ? null : await placeOf(inside, cluster);
  await settleRelay(inside, keys, { sources, said, place, withdrawn: standing === 'withdrawn' });
  // The relay was looked at: what it says counts for the objects as well.
  const now = standingNow(inside);
  // Without a way to this Mac there is nothing to write, and nothing to take back: it may be found again.
  if (hands !== null && place !== null) await settleCluster(inside, hands, said, place, now);
  await tell(inside, sources);
  return viewOf(inside, { sources, said, place, standing: now, cluster });
}

const kubeconfigFile = ({ ports }: Inside): string => join(ports.runFolder, 'lan.kubeconfig');

const sourcePorts = (inside: Inside, cluster: OwnCluster | null, hands: ServiceHands | null) => ({
  cluster,
  hands,
  kubeconfigFile: kubeconfigFile(inside),
  hostPort: inside.ports.hostPort(),
});

/** Null: there is no API to ask now. Its kubeconfig is left where the relay reads it, for the pods behind an export. */
async function handsOf(inside: Inside, cluster: OwnCluster | null): Promise<ServiceHands | null> {
  const isUp = cluster?.state === 'running' || cluster?.state === 'degraded';
  if (!isUp || cluster.provider === 'embedded') return null;
  const kubeconfig = await inside.ports.kubeconfig(cluster.name);
  if (kubeconfig === null) return null;
  if (inside.hands?.kubeconfig !== kubeconfig) {
    await writePrivately(kubeconfigFile(inside), kubeconfig);
    inside.hands = { kubeconfig, hands: await inside.ports.openHands(kubeconfig) };
  }
  return inside.hands.hands;
}

/** Asked once for a cluster; one that has no way is asked again, since its nodes may only be coming up. */
async function placeOf(inside: Inside, cluster: OwnCluster): Promise<HostPlace | null> {
  if (cluster.provider === 'embedded') return loopbackPlace;
  const of = `${cluster.provider} ${cluster.name} ${cluster.state}`;
  if (inside.place?.of === of) return inside.place.place;
  if (cluster.state !== 'running' && cluster.state !== 'degraded') return inside.place?.place ?? null;
  const place = await inside.ports.place(cluster);
  if (place !== null) inside.place = { of, place };
  // A runtime that is slow to answer has not moved this Mac.
  return (
    place ??
    (inside.place?.of.startsWith(`${cluster.provider} ${cluster.name} `) === true ? inside.place.place : null)
  );
}

function standingNow({ ports, state }: Inside): Standing {
  const { state: link, byeReason } = ports.link();
  const look = state?.look;
  return standingOf({
    link,
    byeReason,
    failures: look?.failures ?? 0,
    hasAnswered: look?.answeredAt != null,
  });
}

interface RelayFacts {
  readonly sources: readonly Source[];
  readonly said: ExportsMessage | null;
  readonly place: HostPlace | null;
  readonly withdrawn: boolean;
}

async function settleRelay(inside: Inside, keys: PairKeys, facts: RelayFacts): Promise<void> {
  const { ports } = inside;
  inside.anyPort ||= inside.state?.problem?.code === 'relayPortTaken';
  const listen = listenWish(ports.settings().relayListen, ports.linkHost(), inside.anyPort);
  if (!listen.ok) {
    inside.problem = listen.error;
    return;
  }
  const parts = { ...facts, keys, state: inside.state, before: inside.wish };
  // A link that listens nowhere for a while: the relay stays where it is, for who still reaches it.
  const wish = relayWish({ ...parts, listen: listen.value ?? inside.wish?.listen ?? null });
  if (isIdle(wish) && inside.memory.exports().length === 0) return endRelay(inside);
  inside.relay ??= ports.makeRelay();
  const isNew = !isDeepStrictEqual(wish, inside.wish) || inside.problem !== null || inside.state === null;
  if (isNew) {
    const used = await inside.relay.use(wish);
    inside.problem = used.ok ? null : used.error;
    if (used.ok) inside.wish = wish;
  }
  inside.state = await inside.relay.state();
}

async function endRelay(inside: Inside): Promise<void> {
  // Also one that an earlier engine left: it is found by its record.
  const relay = inside.relay ?? (inside.isSwept ? null : inside.ports.makeRelay());
  await relay?.dispose('stop');
  Object.assign(inside, { relay: null, wish: null, state: null, problem: null, isSwept: true });
}

async function settleCluster(
  inside: Inside,
  hands: ServiceHands,
  said: ExportsMessage | null,
  place: HostPlace,
  standing: Standing,
): Promise<void> {
  const { ports, state } = inside;
  const services = said?.services ?? [];
  const serves = (service: ExportsMessage['services'][number]): boolean =>
    servesNow(service, { standing, state });
  const objects = ownObjects(services, state, place.seenAs, serves);
  const wantsNames = ports.settings().names && services.some(({ names }) => names);
  const outcome = await careFor(hands, objects, wantsNames);
  // What does not answer keeps what it had.
  if (outcome === null) return;
  inside.outcome = outcome;
  if (outcome.changes.length > 0)
    ports.note('tunnel.lan', `the cluster was told: ${outcome.changes.join(', ')}`.slice(0, 300), {
      changes: outcome.changes.slice(0, 50),
    });
}

/** Whole, when it is another than before, or a new session has begun. */
async function tell(inside: Inside, sources: readonly Source[]): Promise<void> {
  const { ports, state, memory, isTold } = inside;
  const told = memory.told();
  const message: ExportsMessage = {
    type: 'exports',
    relay: state?.listen ?? null,
    services: toldServices(sources, told?.services ?? []).map((each) => ({ ...each })),
  };
  if (isTold && isDeepStrictEqual(message, told)) return;
  inside.isTold = ports.send(message);
  await memory.setTold(message);
}

interface ViewFacts extends Omit<RelayFacts, 'withdrawn'> {
  readonly standing: Standing;
  readonly cluster: OwnCluster | null;
}

function viewOf(inside: Inside, { cluster, said, place, ...facts }: ViewFacts): LanView {
  const outcome = inside.outcome ?? nothingYet;
  const isUnreachable = place === null && cluster?.state === 'running';
  const noWay: Problem = { code: 'podsCannotReach', params: { provider: cluster?.provider ?? '-' } };
  const blocked = isUnreachable
    ? new Map((said?.services ?? []).map((service) => [keyOfService(service), noWay] as const))
    : outcome.blocked;
  return lanView({
    ...facts,
    said,
    place,
    blocked,
    state: inside.state,
    relayProblem: inside.problem,
    names: inside.ports.settings().names ? outcome.names : 'off',
    bare: cluster === null || cluster.provider === 'embedded',
  });
}

async function hasNews(inside: Inside): Promise<boolean> {
  if (inside.relay === null) return false;
  const before = inside.state;
  inside.state = await inside.relay.state();
  return !isDeepStrictEqual(meaningOf(before), meaningOf(inside.state));
}

/** Round trips and moments change with each look, and change nothing. */
function meaningOf(state: RelayState | null) {
  if (state === null) return null;
  const { look, listen, problem, services, exports, imports } = state;
  const seen = { isSilent: look.failures >= 2, hasAnswered: look.answeredAt !== null };
  return { ...seen, listen, problem, services, exports, imports };
}

async function withdraw(inside: Inside, forget: boolean): Promise<boolean> {
  const { memory, ports } = inside;
  if (forget) await memory.forget();
  inside.isTold = false;
  await endRelay(inside);
  const cluster = ports.cluster();
  if (cluster === null || cluster.provider === 'embedded') return true;
  const hands = await handsOf(inside, cluster);
  if (hands === null) return false;
  inside.outcome = await careFor(hands, { services: [], slices: [] }, false);
  return inside.outcome !== null;
}
