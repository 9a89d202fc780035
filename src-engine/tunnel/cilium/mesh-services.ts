import { isDeepStrictEqual } from 'node:util';
import type { SharedService } from '../../../src-shared/cilium-messages.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { TunnelExport, TunnelImport, TunnelState } from '../../../src-shared/world/tunnel.ts';
import type { Place } from './cilium-port.ts';
import type { Counterpart, GlobalService } from './ports.ts';

/** A Service of one name and namespace is one in all clusters (Documentation/network/clustermesh, services). */
export const GLOBAL = 'service.cilium.io/global';
/** `false`: it takes others' backends and shares none of its own. */
export const SHARED = 'service.cilium.io/shared';

/** A service that a person exported, and what stood at it before. */
export interface OwnExport extends Place {
  /** The cluster that was meant then: only there is it taken back. */
  readonly cluster: string;
  /** The annotation's value before: it comes back when this is taken back. Null: there was none. */
  readonly was: string | null;
}

export const isGlobal = ({ annotations }: Pick<GlobalService, 'annotations'>): boolean =>
  annotations[GLOBAL] === 'true';

export const isSame = (one: Place, other: Place): boolean =>
  one.namespace === other.namespace && one.name === other.name;

/**
 * What is set at an exported Service, and what takes that back. Null: nothing is, or may be: it was so before, or
 * somebody has changed it since.
 */
export function exportChange(service: GlobalService): Readonly<Record<string, string | null>> | null {
  return isGlobal(service) ? null : { [GLOBAL]: 'true' };
}
export function unexportChange(
  own: OwnExport,
  service: GlobalService,
): Readonly<Record<string, string | null>> | null {
  return own.was === 'true' || !isGlobal(service) ? null : { [GLOBAL]: own.was };
}

export type CounterpartChange =
  | { readonly kind: 'create'; readonly wanted: Counterpart }
  | { readonly kind: 'patch'; readonly wanted: Counterpart; readonly found: GlobalService }
  | { readonly kind: 'remove'; readonly found: GlobalService };

/** The Service without a selector that stands for one of the other Mac's. */
export function counterpartOf({ namespace, name, ports }: SharedService): Counterpart {
  return { namespace, name, ports, annotations: { [GLOBAL]: 'true', [SHARED]: 'false' } };
}

/**
 * What makes the Services of ours those that are wanted.
 *
 * @param own what this Mac exports itself: there a Service of the cluster's own stands, and both sides' pods answer
 */
export function counterpartChanges(
  imports: readonly SharedService[],
  found: readonly GlobalService[],
  own: readonly Place[],
): readonly CounterpartChange[] {
  const wanted = imports.filter((one) => !own.some((each) => isSame(each, one))).map(counterpartOf);
  const made = wanted.flatMap((each): CounterpartChange[] => {
    const there = found.find((one) => isSame(one, each));
    if (there === undefined) return [{ kind: 'create', wanted: each }];
    const isRight =
      isDeepStrictEqual(there.ports, each.ports) &&
      Object.entries(each.annotations).every(([key, value]) => there.annotations[key] === value);
    return isRight ? [] : [{ kind: 'patch', wanted: each, found: there }];
  });
  const useless = found.filter((one) => !wanted.some((each) => isSame(each, one)));
  return [...made, ...useless.map((one): CounterpartChange => ({ kind: 'remove', found: one }))];
}

/** @param service as the cluster has it now; null: the cluster does not answer */
export function exportView(
  { namespace, name }: Place,
  service: GlobalService | 'absent' | null,
  cluster: string,
): TunnelExport {
  const shown = { namespace, name, connections: null };
  if (service === null) return { ...shown, ports: [], problem: null, state: 'unknown' };
  if (service === 'absent') {
    const problem: Problem = { code: 'serviceUnknown', params: { namespace, name, cluster } };
    return { ...shown, ports: [], problem, state: 'notReady' };
  }
  const ports = service.ports.map(({ port }) => port);
  const isShared = isGlobal(service) && service.annotations[SHARED] !== 'false';
  return { ...shown, ports, problem: null, state: isShared ? 'ready' : 'notReady' };
}

/**
 * @param service what stands there in this cluster; null: nothing, or the cluster does not answer
 * @param blocked why nothing of ours stands there
 */
export function importView(
  { namespace, name, ports }: SharedService,
  service: GlobalService | null,
  blocked: Problem | null,
  state: TunnelState,
): TunnelImport {
  const isReady = blocked === null && service !== null && isGlobal(service);
  const address = service?.address ?? null;
  return {
    namespace,
    name,
    ports: ports.map(({ port }) => port),
    problem: blocked,
    connections: null,
    state: blocked !== null ? 'blocked' : !isReady ? 'notReady' : state === 'connected' ? 'ready' : 'silent',
    addresses: address === null ? [] : ports.map(({ port }) => `${address}:${port}`),
    clusterName: isReady ? `${name}.${namespace}.svc` : null,
  };
}
