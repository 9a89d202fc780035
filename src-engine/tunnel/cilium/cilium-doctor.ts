import type { DoctorCheck } from '../../../src-shared/commands/housekeeping.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { CiliumView, Tunnel } from '../../../src-shared/world/tunnel.ts';
import { ofProblem, said } from '../doctor-words.ts';
import type { MeshLine } from './preflight.ts';

export interface DoctorFacts {
  readonly tunnel: Tunnel | null;
  readonly left: Problem | null;
  readonly lines: readonly MeshLine[];
}

/**
 * What Cluster Mesh needs, line by line, then the path: this cluster, its way to the other, the services. What is wrong
 * first is where it stopped.
 */
export function ciliumChecks({ tunnel, left, lines }: DoctorFacts): DoctorCheck[] {
  const checks = left === null ? [] : [ofProblem('unfinished', left)];
  checks.push(...lines.map(ofLine));
  if (tunnel?.cilium == null) return checks;
  return [...checks, ...pathChecks(tunnel, tunnel.cilium), ...serviceChecks(tunnel)];
}

function ofLine({ id, verdict, problem }: MeshLine): DoctorCheck {
  if (problem !== null) return ofProblem(`preflight.${id}`, problem);
  return verdict === 'ok'
    ? said(`preflight.${id}`, 'ok', `preflight.${id}`)
    : said(`preflight.${id}`, 'unknown', 'preflight.unknown', { check: id });
}

function pathChecks({ state, problem }: Tunnel, { clusterName, peer }: CiliumView): DoctorCheck[] {
  if (clusterName === null) return [];
  if (peer === null)
    return problem === null
      ? [said('joined', 'advice', 'doctor.cilium.notJoined', {}, 'doctor.cilium.notJoined.action')]
      : [ofProblem('joined', problem)];
  const joined = said('joined', 'ok', 'doctor.cilium.joined', { own: clusterName, other: peer.clusterName });
  if (problem !== null) return [joined, ofProblem('way', problem)];
  const { connected, total } = peer;
  const params = { clusterName: peer.clusterName, connected: connected ?? '?', total: total ?? '?' };
  if (state === 'connected') return [joined, said('way', 'ok', 'doctor.cilium.way', params)];
  return [
    joined,
    said('way', 'advice', 'doctor.cilium.connecting', params, 'doctor.cilium.connecting.action'),
  ];
}

/** Those with something wrong: where all is well the list of the status says more. */
function serviceChecks({ exports, imports }: Tunnel): DoctorCheck[] {
  return [
    ...exports.flatMap(({ problem }) => (problem === null ? [] : [ofProblem('export', problem)])),
    ...imports.flatMap(({ problem }) => (problem === null ? [] : [ofProblem('import', problem)])),
  ];
}
