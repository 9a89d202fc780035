import { isDeepStrictEqual } from 'node:util';
import { fail, ok, type Result, type TandemError } from '../../src-shared/errors/result.ts';
import type { GateAddress } from '../../src-shared/handoff-messages.ts';
import type { GateView } from '../../src-shared/world/traffic.ts';
import { createTurns } from '../platform/turns.ts';
import { textOf } from './addresses.ts';
import { gateConfig } from './front-config.ts';
import { emptied } from './gate-ending.ts';
import { writeOwnPem } from './pair-files.ts';
import type { GateAdapter, GateConfig, GateControl, GateState, TrafficPorts } from './room-ports.ts';

/** The edge's gate: opened, moved and ended as role, pairing, settings and the link's address want it. */
export interface GateKeeper {
  settle(): Promise<void>;
  isUnsettled(): boolean;
  readonly control: GateControl;
  /** Asks the gate how it is, for the screens. */
  look(): Promise<void>;
  /** Null on another role than edge, and while there is none. */
  view(): GateView | null;
  dispose(how: 'keep' | 'stop'): Promise<void>;
}

interface Edge {
  readonly ports: TrafficPorts;
  readonly changed: () => void;
  gate: GateAdapter | null;
  config: GateConfig | null;
  problem: TandemError | null;
  seen: GateState | null;
  /** Looked for a gate of an engine before. */
  isSwept: boolean;
  disposed: boolean;
}

export function createGateKeeper(ports: TrafficPorts, changed: () => void): GateKeeper {
  const edge: Edge = {
    ports,
    changed,
    gate: null,
    config: null,
    problem: null,
    seen: null,
    isSwept: false,
    disposed: false,
  };
  const turns = createTurns();
  return {
    settle: () => turns.inTurn(() => settle(edge)),
    // Pairing and the link's address say themselves when they change.
    isUnsettled: () => ports.role() === 'edge' && edge.problem !== null && edge.problem.code !== 'notPaired',
    control: controlOf(edge),
    look: () => look(edge),
    view: () => viewOf(edge),
    async dispose(how) {
      edge.disposed = true;
      await turns.settled();
      await edge.gate?.dispose(how);
    },
  };
}

function controlOf(edge: Edge): GateControl {
  const withGate = async <T>(act: (gate: GateAdapter) => Promise<Result<T>>): Promise<Result<T>> => {
    if (edge.gate !== null && edge.config !== null) return act(edge.gate);
    return fail(edge.problem?.code ?? 'gateDown', edge.problem?.params ?? { address: '-' });
  };
  return {
    state: () =>
      withGate(async (gate) => {
        const state = await gate.state();
        if (state.ok) see(edge, state.value);
        return state;
      }),
    setReady: (ready, why) =>
      withGate(async (gate) => {
        const done = await gate.setReady(ready, why);
        if (done.ok) await look(edge);
        return done;
      }),
    cut: () => withGate((gate) => gate.cut()),
    address: () => addressOf(edge),
  };
}

/** Where the gate is or will be: the core may know it before the process stands, and asks it itself. */
async function addressOf(edge: Edge): Promise<Result<GateAddress>> {
  const wanted = edge.ports.role() === 'edge' ? await wantedGate(edge.ports) : null;
  if (wanted === null) return fail('gateDown', { address: '-' });
  if (!wanted.ok) return wanted;
  const config = wanted.value.config ?? edge.config;
  if (config === null) return fail('gateDown', { address: '-' });
  const { host, port } = config.listen;
  return ok({ address: host, port, certificatePem: wanted.value.certificatePem });
}

interface WantedGate {
  readonly certificatePem: string;
  /** Null: the link listens nowhere now. */
  readonly config: GateConfig | null;
}

async function wantedGate(ports: TrafficPorts): Promise<Result<WantedGate>> {
  const pair = await ports.pair();
  if (!pair.ok) return pair;
  const { peerPin, peerHost, certificatePem } = pair.value;
  if (peerPin === null) return fail('notPaired');
  const own = await writeOwnPem(ports.identityFolder, pair.value);
  if (!own.ok) return own;
  const known = { ownPemFile: own.value, peerPin, coreHost: peerHost };
  const config = gateConfig(ports.settings(), ports.linkHost(), known);
  return config.ok ? ok({ certificatePem, config: config.value }) : config;
}

async function settle(edge: Edge): Promise<void> {
  const { ports } = edge;
  if (edge.disposed) return;
  if (ports.role() !== 'edge') return endGate(edge, () => edge.disposed || ports.role() === 'edge');
  const wanted = await wantedGate(ports);
  // Who was paired before is a stranger now.
  if (!wanted.ok && wanted.error.code === 'notPaired') await endGate(edge, null);
  if (!wanted.ok) return tell(edge, wanted.error);
  const { config } = wanted.value;
  // A link that listens nowhere for a while: the gate stays where it is, for who still reaches it.
  if (config === null || edge.disposed) return;
  if (isDeepStrictEqual(config, edge.config) && edge.problem === null) return;
  await openGate(edge, config);
}

async function openGate(edge: Edge, config: GateConfig): Promise<void> {
  edge.gate ??= edge.ports.makeGate();
  const before = edge.config;
  const opened = await edge.gate.open(config);
  if (!opened.ok) return tell(edge, opened.error);
  edge.config = config;
  tell(edge, null);
  const where = textOf(config.listen);
  if (!isDeepStrictEqual(before?.listen, config.listen))
    edge.ports.note('traffic.gate', `the gate listens at ${where}`, {
      listen: where,
      before: before?.listen ?? null,
    });
  await look(edge);
}

/**
 * Not an edge, or not any more; one that an earlier engine left is found by its record.
 *
 * @param isWanted may stop it while what the gate holds ends; null: nobody waits for that
 */
async function endGate(edge: Edge, isWanted: (() => boolean) | null): Promise<void> {
  const gate = edge.gate ?? (edge.isSwept ? null : edge.ports.makeGate());
  if (gate === null) return;
  if (isWanted !== null && !(await emptied(gate, edge.ports, isWanted))) return;
  edge.isSwept = true;
  await gate.dispose('stop');
  edge.gate = null;
  edge.config = null;
  edge.problem = null;
  edge.seen = null;
  edge.changed();
}

/** Null: it is as it is wanted. History is told of a problem once. */
function tell(edge: Edge, error: TandemError | null): void {
  if (error !== null && error.code !== edge.problem?.code)
    edge.ports.note('traffic.gate', `the gate cannot be as it is wanted: ${error.code}`, { problem: error });
  edge.problem = error;
  edge.changed();
}

async function look(edge: Edge): Promise<void> {
  if (edge.gate === null || edge.config === null) return;
  const state = await edge.gate.state();
  if (state.ok) see(edge, state.value);
  else if (edge.seen !== null) {
    edge.seen = null;
    edge.changed();
  }
}

function see(edge: Edge, state: GateState): void {
  const before = viewOf(edge);
  edge.seen = state;
  if (!isDeepStrictEqual(before, viewOf(edge))) edge.changed();
}

/** A gate that does not answer is not ready: it begins, or begins again. */
function viewOf({ ports, config, seen }: Edge): GateView | null {
  if (ports.role() !== 'edge' || config === null) return null;
  return {
    listen: textOf(config.listen),
    ready: seen?.ready ?? false,
    notReady: seen === null ? 'starting' : seen.notReady,
    inFlight: seen?.inFlight ?? 0,
  };
}
