import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { readBrokerFile } from './broker-file.ts';
import { isJoinedHere, ownId } from './own-cluster.ts';
import { handsOf, type Parts } from './parts.ts';
import type { OwnFacts } from './peer-talk.ts';
import { isSameAuthority } from './plan-broker.ts';
import { ownAuthority } from './plan-join.ts';
import { registeredIds } from './preflight-facts.ts';

/** What this Mac tells the other of its cluster. */
export async function ownFacts(parts: Parts): Promise<OwnFacts> {
  const { ports, memory } = parts;
  const cluster = ports.cluster();
  const hands = await handsOf(parts);
  const [networks, runtime, broker, registered] = await Promise.all([
    hands?.networks() ?? null,
    cluster === null || hands === null ? null : ports.runtime(cluster),
    ownBroker(parts),
    registeredIds(hands, memory.kept(), cluster),
  ]);
  const read = broker.ok ? readBrokerFile(broker.value) : broker;
  return {
    clusterId: ownId(parts),
    joined: isJoinedHere(parts),
    podCidrs: [...(networks?.pods ?? [])].slice(0, 8),
    serviceCidrs: [...(networks?.services ?? [])].slice(0, 8),
    nodeCidrs: [...(runtime?.networks ?? [])].slice(0, 8),
    broker: read.ok ? { url: read.value.url, print: read.value.print } : null,
    registered: (registered ?? []).slice(0, 32),
    registeredKnown: registered !== null,
  };
}

/** The core's file, if it is of the cluster that it has now. */
export async function ownBroker(parts: Parts): Promise<Result<string>> {
  if (parts.ports.role() === 'edge') return fail('brokerMissing');
  const text = await parts.memory.brokerText();
  if (text === null) return fail('brokerMissing');
  const read = readBrokerFile(text);
  if (!read.ok) return read;
  return isSameAuthority(read.value.authority, await ownAuthority(parts))
    ? ok(text)
    : fail('brokerFileOther', { url: read.value.url });
}
