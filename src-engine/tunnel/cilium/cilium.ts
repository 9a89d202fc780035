import type { Problem } from '../../../src-shared/world/traffic.ts';
import { pause } from '../../platform/clock.ts';
import { operationOf } from '../submariner/progress.ts';
import { isApart } from './apart.ts';
import type { Cilium } from './cilium-port.ts';
import { ownAccess, ownFacts } from './look.ts';
import { openMemory, type Memory } from './memory.ts';
import { bindToPair, notice } from './notice.ts';
import { cancel } from './operation.ts';
import { hereOf, isJoinedHere, meshOf, type Parts } from './parts.ts';
import { openPeerTalk } from './peer-talk.ts';
import type { CiliumPorts } from './ports.ts';
import { mend, unfinished } from './repair.ts';
import { endExports } from './services.ts';
import { settle } from './settle.ts';
import { openTool } from './tool.ts';
import { verbsOf } from './verbs.ts';

/** An undo gets this long when the engine ends; what it leaves then is written down. */
const CLOSE_DOWN_MS = 20_000;
/** A tool that is told to end then does, within this. */
const END_MS = 5000;

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
      parts.talk.forget();
      parts.askedPeerMs = -Infinity;
    },
    async dispose() {
      cancel(parts);
      await Promise.race([parts.over, pause(ports.scheduler, CLOSE_DOWN_MS)]);
      parts.closing.abort();
      await Promise.race([parts.over, pause(ports.scheduler, END_MS)]);
      await memory.forgetAccess();
    },
  };
}

function partsOf(ports: CiliumPorts, memory: Memory): Parts {
  const talk = openPeerTalk({
    ...ports,
    ownFacts: (of) => ownFacts(parts, of),
    ownAccess: () => ownAccess(parts),
    async exported(services) {
      await bindToPair(parts);
      await memory.keep({ imports: services });
      ports.changed();
    },
    async left() {
      const here = await hereOf(parts);
      // Its word alone takes nothing back: this cluster says whether it is so.
      if (here === null || (await isApart(here.hands, memory.kept().peerName ?? '')) !== true) return;
      await endExports(parts, here);
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
    seenOf: null,
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

function leftoverOf(parts: Parts): Problem | null {
  const intent = parts.memory.intent();
  return intent === null || parts.progress !== null ? null : unfinished(parts, intent);
}
