import type { Problem } from '../../../src-shared/world/traffic.ts';
import { pause } from '../../platform/clock.ts';
import { operationOf } from '../submariner/progress.ts';
import { isApart } from './apart.ts';
import type { Cilium } from './cilium-port.ts';
import { ownAccess, ownFacts } from './look.ts';
import { openMemory, type Memory } from './memory.ts';
import { notice } from './notice.ts';
import { cancel } from './operation.ts';
import { handsOf, isJoinedHere, meshOf, type Parts } from './parts.ts';
import { openPeerTalk } from './peer-talk.ts';
import type { CiliumPorts } from './ports.ts';
import { mend } from './repair.ts';
import { endExports } from './services.ts';
import { settle } from './settle.ts';
import { openTool } from './tool.ts';
import { verbsOf } from './verbs.ts';

/** An undo gets this long when the engine ends; what it leaves then is written down. */
const CLOSE_DOWN_MS = 20_000;

/** Cilium Cluster Mesh, by its tool for verbs and by the cluster's own objects for its state. */
export async function openCilium(ports: CiliumPorts): Promise<Cilium> {
  const memory = await openMemory(ports.folder);
  const parts = partsOf(ports, memory);
  return {
    ...verbsOf(parts),
    claim: () => (isJoinedHere(parts) ? 'joined' : null),
    couldJoin: () => parts.hasTool && meshOf(parts) !== null && parts.talk.last()?.mesh != null,
    operation: () =>
      parts.progress === null ? null : operationOf(parts.progress, ports.clock.monotonicMs()),
    leftover: () => leftoverOf(parts),
    notice: () => notice(parts),
    settle: () => settle(parts),
    mend: () => mend(parts),
    heard: (payload) => parts.talk.heard(payload),
    heardSecret: (name, value) => parts.talk.heardSecret(name, value),
    sessionBegan() {
      parts.told = null;
      parts.askedPeerMs = -Infinity;
    },
    async dispose() {
      cancel(parts);
      parts.closing.abort();
      await Promise.race([parts.over, pause(ports.scheduler, CLOSE_DOWN_MS)]);
    },
  };
}

function partsOf(ports: CiliumPorts, memory: Memory): Parts {
  const talk = openPeerTalk({
    ...ports,
    ownFacts: () => ownFacts(parts),
    ownAccess: () => ownAccess(parts),
    async exported(services) {
      await memory.keep({ imports: services });
      ports.changed();
    },
    async left() {
      const hands = await handsOf(parts);
      // Its word alone takes nothing back: this cluster says whether it is so.
      if (hands === null || (await isApart(parts, memory.kept().peerName ?? '')) !== true) return;
      await endExports(parts, hands);
      await memory.keep({ imports: [] });
      ports.changed();
    },
  });
  const parts: Parts = {
    ports,
    memory,
    tool: openTool(ports.tools, ports.log),
    talk,
    closing: new AbortController(),
    progress: null,
    interrupt: null,
    over: Promise.resolve(),
    isRepairing: false,
    triedMs: -Infinity,
    lines: [],
    seen: { kind: 'noAnswer' },
    seenMs: -Infinity,
    hasTool: false,
    askedPeerMs: -Infinity,
    word: null,
    askedMs: -Infinity,
    isAsking: false,
    toolProblem: null,
    apartSinceMs: null,
    told: null,
    hands: null,
  };
  return parts;
}

function leftoverOf({ memory, progress }: Parts): Problem | null {
  const intent = memory.intent();
  return intent === null || progress !== null
    ? null
    : { code: 'tunnelUnfinished', params: { verb: intent.verb, step: intent.step, why: 'cilium' } };
}
