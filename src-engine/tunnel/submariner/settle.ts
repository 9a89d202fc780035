import { gatewaysOf } from './crds.ts';
import { ownId } from './own-cluster.ts';
import { handsOf, type Parts } from './parts.ts';
import type { SubmarinerHands } from './ports.ts';
import { OPERATOR_NAMESPACE } from './preflight-facts.ts';
import { servicesOf } from './services.ts';
import type { SubmarinerLook } from './submariner-port.ts';
import { nextWord, tunnelWord, type Looked } from './tunnel-view.ts';

/** One look: the gateways' own word, and what is exported over them. */
export async function settle(parts: Parts): Promise<SubmarinerLook> {
  const { ports, memory, talk } = parts;
  const hands = await handsOf(parts);
  const looked = await lookAtGateways(hands);
  const now = { monotonicMs: ports.clock.monotonicMs(), wallMs: ports.clock.wall().getTime() };
  const active =
    looked.kind === 'gateways' ? (looked.gateways.find(({ isActive }) => isActive) ?? null) : null;
  parts.word = nextWord(parts.word, active, now);
  const { joined, broker } = memory.kept();
  const { state, problem, view } = tunnelWord({
    looked,
    word: parts.word,
    now,
    clusterId: joined === null ? null : ownId(parts),
    peerId: talk.last()?.clusterId ?? null,
    broker: joined?.brokerUrl ?? broker?.url ?? null,
    apartMs: parts.apartSinceMs === null ? null : now.monotonicMs - parts.apartSinceMs,
  });
  if (view.peer === null || view.peer.state === 'connected') parts.apartSinceMs = null;
  else parts.apartSinceMs ??= now.monotonicMs;
  const isThere = joined !== null || (looked.kind === 'gateways' && looked.gateways.length > 0);
  // Nothing was joined, and nobody else did it by hand: there is nothing to be wrong.
  if (!isThere && looked.kind !== 'otherVersion')
    return {
      state: parts.claims ? 'connecting' : 'none',
      problem: null,
      submariner: view,
      exports: [],
      imports: [],
    };
  const services = await servicesOf(hands, state, joined === null ? null : ownId(parts));
  return { state, problem, submariner: view, ...services };
}

async function lookAtGateways(hands: SubmarinerHands | null): Promise<Looked> {
  if (hands === null) return { kind: 'noAnswer' };
  const listed = await hands.list('gateways', OPERATOR_NAMESPACE);
  return listed.kind === 'items' ? { kind: 'gateways', gateways: gatewaysOf(listed.items) } : listed;
}
