import type { Problem } from '../../../src-shared/world/traffic.ts';
import { pause } from '../../platform/clock.ts';
import { forgetLeft, tidyEntries } from './broker-entries.ts';
import { openMemory, type Memory } from './memory.ts';
import { cancel, childNoter } from './operation.ts';
import { isJoinedHere } from './own-cluster.ts';
import type { Parts } from './parts.ts';
import { ownBroker, ownFacts } from './peer-facts.ts';
import { openPeerTalk } from './peer-talk.ts';
import type { SubmarinerPorts } from './ports.ts';
import { operationOf } from './progress.ts';
import { repair, unfinished } from './repair.ts';
import { settle } from './settle.ts';
import type { Submariner } from './submariner-port.ts';
import { openSubctl } from './subctl.ts';
import { sweep } from './sweep.ts';
import { verbsOf } from './verbs.ts';

/** An undo gets this long when the engine ends; what it leaves then is written down. */
const CLOSE_DOWN_MS = 20_000;

/** Submariner, by subctl for its verbs and by its own objects for its state. */
export async function openSubmariner(ports: SubmarinerPorts): Promise<Submariner> {
  const memory = await openMemory(ports.folder);
  const parts = partsOf(ports, memory);
  await sweep(parts);
  return {
    ...verbsOf(parts),
    claim: () => (parts.claims ? 'joining' : isJoinedHere(parts) ? 'joined' : null),
    operation: () =>
      parts.progress === null ? null : operationOf(parts.progress, ports.clock.monotonicMs()),
    leftover: () => leftoverOf(parts),
    entriesLeft: () => memory.kept().leftIds[0] ?? null,
    settle: () => settle(parts),
    async mend() {
      await repair(parts);
      await tidyEntries(parts);
    },
    heard: (payload) => parts.talk.heard(payload),
    heardSecret: (name, value) => parts.talk.heardSecret(name, value),
    sessionBegan() {
      if (ports.role() === 'edge') for (const id of memory.kept().leftIds) parts.talk.sayLeft(id);
      // A Mac that has nothing of Submariner is not asked about its cluster.
      if (isJoinedHere(parts)) void parts.talk.ask();
    },
    async dispose() {
      cancel(parts);
      await Promise.race([parts.over, pause(ports.scheduler, CLOSE_DOWN_MS)]);
    },
  };
}

function partsOf(ports: SubmarinerPorts, memory: Memory): Parts {
  const left = memory.intent();
  const talk = openPeerTalk({
    ...ports,
    ownFacts: () => ownFacts(parts),
    brokerText: () => ownBroker(parts),
    forget: (clusterId) => forgetLeft(parts, clusterId),
    forgotten: (clusterId) =>
      memory.keep({ leftIds: memory.kept().leftIds.filter((id) => id !== clusterId) }),
  });
  const parts: Parts = {
    ports,
    memory,
    talk,
    subctl: openSubctl(ports.tools, memory.workFolder, ports.log),
    noteChild: childNoter({ memory, ports }),
    progress: null,
    interrupt: null,
    over: Promise.resolve(),
    claims: left?.verb === 'join' && left.touched,
    isRepairing: false,
    lines: [],
    word: null,
    apartSinceMs: null,
    triedMs: -Infinity,
    hands: null,
  };
  return parts;
}

function leftoverOf(parts: Parts): Problem | null {
  const intent = parts.memory.intent();
  return intent === null || parts.progress !== null ? null : unfinished(parts, intent);
}
