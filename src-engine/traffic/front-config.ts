import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import type { Shares } from '../../src-shared/world/traffic.ts';
import { addressOf, reaches } from './addresses.ts';
import type { Address, FrontConfig, PairTls } from './ports.ts';
import type { GateConfig, TrafficSettings } from './room-ports.ts';

/** `traffic.gateListen` when it is empty: the link's address and this port (design/interface.md, Settings that stay). */
export const GATE_PORT = 47_381;

export const allOnCore: Shares = { core: 100, edge: 0 };

/** The workload of this Mac: `traffic.upstream`, or what the cluster maps its NodePort to. */
export function upstreamOf(settings: Pick<TrafficSettings, 'upstream' | 'hostPort'>): Result<Address> {
  return settings.upstream === ''
    ? ok({ host: '127.0.0.1', port: settings.hostPort })
    : addressOf(settings.upstream);
}

/**
 * What the core's front is started with.
 *
 * @param edge the gate and the files to reach it by; null: nothing goes to the edge
 * @returns `backendInvalid {address}`; `backendWrong {address}` when the workload's address is the front's own
 */
export function frontConfig(
  settings: TrafficSettings,
  edge: { readonly gate: Address; readonly tls: PairTls } | null,
): Result<FrontConfig> {
  const listen = addressOf(settings.listen);
  if (!listen.ok) return listen;
  const core = upstreamOf(settings);
  if (!core.ok) return core;
  if (reaches(core.value, listen.value)) return fail('backendWrong', { address: settings.listen });
  return ok({
    listen: listen.value,
    core: { ...core.value, healthPath: settings.healthPath },
    edge: edge === null ? null : { ...edge.gate, tls: edge.tls },
  });
}

/**
 * What the edge's gate is started with; null while the link listens nowhere and no address is set.
 *
 * @returns `backendInvalid`, `backendWrong` as above
 */
export function gateConfig(
  settings: TrafficSettings,
  linkHost: string | null,
  { coreHost, ...tls }: GateConfig['tls'] & Pick<GateConfig, 'coreHost'>,
): Result<GateConfig | null> {
  if (settings.gateListen === '' && linkHost === null) return ok(null);
  const listen =
    settings.gateListen === ''
      ? ok({ host: linkHost ?? '', port: GATE_PORT })
      : addressOf(settings.gateListen);
  if (!listen.ok) return listen;
  const upstream = upstreamOf(settings);
  if (!upstream.ok) return upstream;
  if (reaches(upstream.value, listen.value)) return fail('backendWrong', { address: settings.gateListen });
  return ok({
    listen: listen.value,
    upstream: { ...upstream.value, healthPath: settings.healthPath },
    tls,
    ...(coreHost === undefined ? {} : { coreHost }),
  });
}
