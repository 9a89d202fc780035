import { X509Certificate } from 'node:crypto';
import type { GateAddress } from '../../src-shared/handoff-messages.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { dealAlike } from '../../src-shared/world/shares.ts';
import type { Shares } from '../../src-shared/world/traffic.ts';
import { pause } from '../platform/clock.ts';
import { addressOf, textOf } from './addresses.ts';
import type { EdgeWatch } from './edge-watch.ts';
import { allOnCore } from './front-config.ts';
import type { FrontTally } from './front-tally.ts';
import { requestsIn } from './gate-answer.ts';
import type { ProofAnswer, Witnesses } from './live-proof.ts';
import { writePeerPem } from './pair-files.ts';
import type { Places } from './places.ts';
import type { FrontAdapter } from './ports.ts';
import { probeClient, type ProbeClient } from './probe-client.ts';
import { probesNeeded } from './probe-plan.ts';
import { proveLive } from './prove-live.ts';
import type { DeadOutcome, FrontKeeper, TrafficPorts, TrafficSwitch } from './room-ports.ts';
import type { SideProbes } from './side-probes.ts';

export interface SwitchParts {
  readonly ports: TrafficPorts;
  readonly keeper: FrontKeeper;
  readonly tally: FrontTally;
  readonly places: Places;
  readonly probes: SideProbes;
  readonly watch: EdgeWatch;
  /** Weights changed: whoever looks is told now. */
  changed(): void;
}

/** A front that is busy answers late; that is no evidence of where it deals to. */
const THROUGH_FRONT = { connectMs: 2000, answerMs: 5000 };

/** Of the weights of a dead edge; a front of our own takes them in some milliseconds. */
const WRITTEN_MS = 300;

/** Who gets which requests: the core's front behind one interface, whichever it is. */
export function createSwitch(parts: SwitchParts): TrafficSwitch {
  const { keeper, tally, probes, watch } = parts;
  const withFront = async <T>(act: (front: FrontAdapter) => Promise<Result<T>>): Promise<Result<T>> => {
    const front = keeper.front();
    return front === null ? fail('frontDown', { listen: keeper.slice()?.listen ?? '-' }) : act(front);
  };
  return {
    read: () =>
      withFront(async (front) => {
        const version = keeper.version();
        const read = await front.read();
        if (read.ok) await keeper.noteSeen(read.value, version);
        return read;
      }),
    set: (shares, expectOld) =>
      keeper.inTurn(() => withFront((front) => setShares(parts, front, shares, expectOld))),
    verifyLive: (oldShares, limitMs) =>
      withFront((front) => {
        const needed = probesNeeded(oldShares.edge / 100, front.dealing);
        return verify(parts, front, needed, limitMs);
      }),
    counters: () => withFront((front) => tally.read(front)),
    probe: probes.probe,
    topUp: (count, overMs) => topUp(parts, count, overMs),
    // Not in turn: nothing that is being opened or changed may hold it up.
    dead: () => withFront((front) => dead(parts, front)),
    revive: () => keeper.inTurn(() => withFront((front) => front.revive())),
    useGate: (gate) => useGate(parts, gate),
    watchEdge: watch.watch,
    hurry: watch.hurry,
  };
}

async function setShares(
  { keeper, changed }: SwitchParts,
  front: FrontAdapter,
  shares: Shares,
  expectOld: Shares,
): Promise<Result<Shares>> {
  if (shares.edge > 0 && keeper.gate() === null) return fail('gateDown', { address: '-' });
  const version = keeper.version();
  const live = await front.read();
  if (!live.ok) return live;
  // What is there already was written before a crash, or by who wanted the same.
  if (!dealAlike(live.value, expectOld) && !dealAlike(live.value, shares)) {
    await keeper.noteSeen(live.value, version);
    changed();
    const named = live.value.who === undefined ? { who: 'unknown' } : { who: live.value.who, why: 'named' };
    return fail('weightConflict', { expected: expectOld.edge, found: live.value.edge, ...named });
  }
  const falls = shares.edge < live.value.edge;
  if (falls) await keeper.noteWeights(shares);
  const written = await front.set(shares, live.value);
  if (written.ok) await keeper.noteWeights(written.value);
  changed();
  return written;
}

async function dead(
  { ports, keeper, changed }: SwitchParts,
  front: FrontAdapter,
): Promise<Result<DeadOutcome>> {
  const begunMs = ports.clock.monotonicMs();
  const ending = front.dead();
  const noted = front
    .set(allOnCore)
    .then((written) => {
      // What was read meanwhile is older than this.
      if (written.ok) void keeper.noteWeights(written.value);
      changed();
    })
    .catch((error: unknown) => ports.log.error({ error: String(error) }, 'front: weight 0 was not written'));
  // The disk may be slow: what is on it may fall later than what is live.
  void keeper.noteWeights(allOnCore);
  changed();
  const outcome = await ending;
  // Nothing goes to the edge any more: an API that is slow to take the weights holds nobody up.
  await Promise.race([noted, pause(ports.scheduler, WRITTEN_MS)]);
  return outcome.ok ? ok({ ...outcome.value, elapsedMs: ports.clock.monotonicMs() - begunMs }) : outcome;
}

async function verify(parts: SwitchParts, front: FrontAdapter, probes: number, limitMs: number) {
  const { ports, places } = parts;
  const clients = { fresh: probeClient(false), kept: probeClient(true) };
  const ask = async (client: ProbeClient): Promise<ProofAnswer> => {
    const target = places.front(true);
    const answer = target === null ? null : await client.get(target, THROUGH_FRONT);
    const by = answer?.backend;
    return { by: by === 'core' || by === 'edge' ? by : null };
  };
  const proof = await proveLive(
    {
      monotonicMs: ports.clock.monotonicMs,
      wait: (delayMs) => pause(ports.scheduler, delayMs),
      ask: (fresh) => ask(fresh ? clients.fresh : clients.kept),
      witnesses: () => witnesses(parts, front, clients.fresh),
      edgeShare: async () => {
        const read = await front.read();
        return read.ok ? read.value.edge : null;
      },
    },
    probes,
    limitMs,
  );
  for (const client of Object.values(clients)) client.dispose();
  return proof;
}

async function witnesses(
  { tally, places }: SwitchParts,
  front: FrontAdapter,
  client: ProbeClient,
): Promise<Witnesses> {
  const gate = places.gateReady();
  const [counters, answer] = await Promise.all([tally.read(front), gate === null ? null : client.get(gate)]);
  return {
    front: counters.ok
      ? { generation: counters.value.generation, requests: counters.value.edge.requests }
      : null,
    gate: answer === null ? null : requestsIn(answer),
  };
}

/** Not marked as probes: they stand in for requests that a window is short of, and are dealt and counted as such. */
async function topUp({ ports, places }: SwitchParts, count: number, overMs: number): Promise<void> {
  const target = places.front(false);
  if (target === null || count <= 0) return;
  const client = probeClient(true);
  const asked: Promise<unknown>[] = [];
  for (let index = 0; index < count; index += 1) {
    asked.push(client.get(target, THROUGH_FRONT));
    await pause(ports.scheduler, overMs / count);
  }
  await Promise.all(asked);
  client.dispose();
}

/**
 * The gate as the edge says it; its certificate must carry the key of the pairing.
 *
 * @returns `backendInvalid {address}`; `backendWrong {address}`: not the paired Mac's key
 */
async function useGate(
  { ports, keeper, watch, changed }: SwitchParts,
  gate: GateAddress | null,
): Promise<Result<void>> {
  const before = keeper.gate();
  if (gate === null) {
    const done = await keeper.useGate(null);
    if (before !== null) watch.forget();
    changed();
    return done;
  }
  const text = textOf({ host: gate.address, port: gate.port });
  const address = addressOf(text);
  if (!address.ok) return address;
  const pair = await ports.pair();
  if (!pair.ok) return pair;
  const pin = ports.pinOf(gate.certificatePem);
  if (pin === null || pin !== pair.value.peerPin) return fail('backendWrong', { address: text });
  // One certificate and nothing else: whatever stands in that file is believed by the front.
  const file = await writePeerPem(ports.identityFolder, new X509Certificate(gate.certificatePem).toString());
  if (!file.ok) return file;
  const done = await keeper.useGate({ ...address.value, pin });
  if (before === null || textOf(before) !== text || before.pin !== pin) watch.forget();
  changed();
  return done;
}
