import type { DoctorCheck } from '../../../src-shared/commands/housekeeping.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { SubmarinerView, Tunnel } from '../../../src-shared/world/tunnel.ts';
import { ofProblem, said } from '../doctor-words.ts';
import type { PreflightLine } from './preflight.ts';
import type { Examined } from './submariner-port.ts';

export interface DoctorFacts extends Examined {
  readonly tunnel: Tunnel | null;
  readonly left: Problem | null;
  readonly entriesLeft: string | null;
}

/**
 * What Submariner needs, line by line, then the path in the order in which a packet takes it. What is wrong first is where
 * it stopped; what lies behind that is not looked at, and says so.
 */
export function submarinerChecks({ tunnel, left, entriesLeft, lines, waiting }: DoctorFacts): DoctorCheck[] {
  const checks: DoctorCheck[] = left === null ? [] : [ofProblem('unfinished', left)];
  if (entriesLeft !== null) {
    const params = { clusterId: entriesLeft };
    checks.push(said('entries', 'advice', 'error.brokerEntriesLeft', params, 'error.brokerEntriesLeft.hint'));
  }
  checks.push(...lines.map(ofLine));
  if (tunnel?.submariner == null) return checks;
  return [...checks, ...pathChecks(tunnel, tunnel.submariner, waiting)];
}

function ofLine({ id, verdict, problem }: PreflightLine): DoctorCheck {
  if (problem !== null) return ofProblem(`preflight.${id}`, problem);
  return verdict === 'ok'
    ? said(`preflight.${id}`, 'ok', `preflight.${id}`)
    : said(`preflight.${id}`, 'unknown', 'preflight.unknown', { check: id });
}

function pathChecks(tunnel: Tunnel, view: SubmarinerView, waiting: Examined['waiting']): DoctorCheck[] {
  if (view.clusterId === null)
    return [
      said('joined', 'advice', 'doctor.submariner.notJoined', {}, 'doctor.submariner.notJoined.action'),
    ];
  const { gateway, peer } = view;
  const pods = waiting.map((pod) =>
    said('pod', 'problem', 'doctor.submariner.pod', { ...pod }, 'doctor.submariner.pod.action'),
  );
  const joined = said('joined', 'ok', 'doctor.submariner.joined', {
    clusterId: view.clusterId,
    broker: view.broker ?? '-',
  });
  if (gateway === null) return [joined, ...pods, ...stopped(tunnel, 'gateway')];
  const own = said('gateway', 'ok', 'doctor.submariner.gateway', {
    node: gateway.node,
    address: gateway.address ?? '-',
  });
  if (tunnel.problem?.code === 'tunnelSilent') return [joined, ...pods, ofProblem('gateway', tunnel.problem)];
  if (peer === null)
    return [
      joined,
      ...pods,
      own,
      said('way', 'advice', 'doctor.submariner.alone', {}, 'doctor.submariner.alone.action'),
    ];
  if (peer.state !== 'connected') return [joined, ...pods, own, ...stopped(tunnel, 'way')];
  const milliseconds = peer.rttMs === null ? '?' : Math.round(peer.rttMs * 10) / 10;
  const params = { clusterId: peer.clusterId, address: peer.address ?? '-', milliseconds };
  return [joined, ...pods, own, said('way', 'ok', 'doctor.submariner.way', params)];
}

/** The hop at which it ends, in the words of what is wrong; on its way it is only slow yet. */
function stopped({ problem, state }: Tunnel, check: string): DoctorCheck[] {
  if (problem !== null) return [ofProblem(check, problem)];
  const isComing = state === 'connecting';
  return [
    isComing
      ? said(check, 'advice', 'doctor.submariner.connecting', {}, 'doctor.submariner.connecting.action')
      : said(check, 'unknown', 'preflight.unknown', { check }),
  ];
}
