import type { ExportedService, ExportsMessage } from '../../../src-shared/tunnel-messages.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { Tunnel, TunnelExport, TunnelImport } from '../../../src-shared/world/tunnel.ts';
import type { RelayState } from '../relay/relay-config.ts';
import { clusterNameOf } from './corefile.ts';
import type { HostPlace } from './host-place.ts';
import type { Source } from './sources.ts';
import type { Standing } from './standing.ts';

export interface LanFacts {
  readonly sources: readonly Source[];
  readonly said: ExportsMessage | null;
  readonly state: RelayState | null;
  readonly standing: Standing;
  readonly place: HostPlace | null;
  /** Why the relay cannot run; null: it does, or need not. */
  readonly relayProblem: Problem | null;
  /** By `NAMESPACE/NAME`: what keeps an import from this Mac's cluster. */
  readonly blocked: ReadonlyMap<string, Problem>;
  /** Of this cluster's DNS, as it was last cared for. */
  readonly names: NonNullable<Tunnel['names']>;
  /** The cluster has no API: nothing is written into it. */
  readonly bare: boolean;
}

export type LanView = Pick<Tunnel, 'state' | 'problem' | 'relay' | 'names' | 'exports' | 'imports'>;

export const keyOfService = ({
  namespace,
  name,
}: {
  readonly namespace: string;
  readonly name: string;
}): string => `${namespace}/${name}`;

/** LAN mode as the World shows it. */
export function lanView(facts: LanFacts): LanView {
  const { state, said, sources } = facts;
  const exports = sources.map((source) => exportView(source, state));
  const imports = (said?.services ?? []).map((service) => importView(service, facts));
  const isIdle = exports.length === 0 && imports.length === 0;
  const problem = isIdle ? null : (facts.relayProblem ?? state?.problem ?? unreachable(facts));
  return {
    state: isIdle ? 'none' : stateOf(facts, problem),
    problem,
    relay: isIdle ? null : relayView(facts),
    names: facts.bare || said?.services.some(({ names }) => names) !== true ? null : facts.names,
    exports,
    imports,
  };
}

function stateOf({ state, standing }: LanFacts, problem: Problem | null): Tunnel['state'] {
  if (problem !== null) return 'error';
  if (state === null) return 'connecting';
  return standing === 'serves' ? 'connected' : 'connecting';
}

/** The other Mac's relay was asked twice and did not answer. */
function unreachable({ standing, said, state }: LanFacts): Problem | null {
  const failures = state?.look.failures ?? 0;
  if (standing === 'serves' || failures < 2 || said?.relay == null) return null;
  return { code: 'relayUnreachable', params: { address: textOf(said.relay) } };
}

function relayView({ state, said }: LanFacts): Tunnel['relay'] {
  return {
    listen: state?.listen == null ? null : textOf(state.listen),
    peer: said?.relay == null ? null : textOf(said.relay),
    rttMs: state?.look.rttMs ?? null,
    answeredAt: state?.look.answeredAt ?? null,
  };
}

function exportView({ wanted, ports, problem, known }: Source, state: RelayState | null): TunnelExport {
  const mine = (state?.exports ?? []).filter((each) => keyOfService(each) === keyOfService(wanted));
  const isDown = problem !== null || mine.some(({ healthy }) => healthy === false);
  return {
    namespace: wanted.namespace,
    name: wanted.name,
    ports: ports.map(({ port }) => port),
    problem,
    connections: sum(mine),
    state: !known || state === null ? 'unknown' : isDown ? 'notReady' : 'ready',
  };
}

function importView(service: ExportedService, facts: LanFacts): TunnelImport {
  const { namespace, name, ports, names } = service;
  const { state, place, blocked } = facts;
  const mine = (state?.imports ?? []).filter((each) => keyOfService(each) === keyOfService(service));
  const problem = blocked.get(keyOfService(service)) ?? mine.find((each) => each.problem)?.problem ?? null;
  const addresses = mine.flatMap(({ listen }) =>
    listen === null ? [] : [`${place?.seenAs ?? listen.host}:${listen.port}`],
  );
  const isNamed = names && facts.names === 'answered' && !facts.bare && problem === null;
  return {
    namespace,
    name,
    ports: ports.map(({ port }) => port),
    problem,
    connections: sum(mine),
    addresses,
    clusterName: isNamed ? clusterNameOf(namespace, name) : null,
    state: problem !== null ? 'blocked' : importState(service, facts),
  };
}

function importState(service: ExportedService, facts: LanFacts): TunnelImport['state'] {
  if (facts.standing !== 'serves') return 'silent';
  return servesNow(service, facts) ? 'ready' : 'notReady';
}

/** Every port of it takes connections over there, as the other Mac's relay said last. */
export function servesNow(
  service: ExportedService,
  { standing, state }: Pick<LanFacts, 'standing' | 'state'>,
): boolean {
  if (standing !== 'serves') return false;
  return service.ports.every(
    ({ port }) =>
      state?.services.find((each) => keyOfService(each) === keyOfService(service) && each.port === port)
        ?.healthy === true,
  );
}

const sum = (of: readonly { readonly connections: number }[]): number =>
  of.reduce((total, { connections }) => total + connections, 0);

export const textOf = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
