import { randomOf, type Month, type Random } from '../../test/doubles/link-month.ts';
import { simulate, type Path, type Standstill } from '../../test/doubles/link-sim.ts';

/** False alarms of each detector over the same made-up path: what one run in real time could not show. */

export interface Scene {
  readonly untilMs: number;
  readonly path: Path;
  readonly standstills: readonly [readonly Standstill[], readonly Standstill[]];
}

/** When the Mac that watches (0) took the other for gone. */
export type Model = (scene: Scene) => number[];

export const sceneOf = ({ path, standstills }: Month, untilMs: number): Scene => ({
  untilMs,
  path,
  standstills,
});

export const ours: Model = (scene) => {
  const alarms: number[] = [];
  simulate({
    ...scene,
    onPhase: (side, { phase }, atMs) => {
      if (side === 0 && phase === 'down') alarms.push(atMs);
    },
  });
  return alarms;
};

/** A beat each second, gone after three without one; no look at itself. */
export const plain: Model = ({ untilMs, path, standstills: [own, other] }) => {
  const [ownAt, otherAt] = [awakeAt(own), awakeAt(other)];
  const alarms: number[] = [];
  let lastMs = 0;
  for (let atMs = 0; atMs < untilMs; atMs += 1000) {
    const sentMs = otherAt(atMs).atMs;
    const arrivesMs = path(sentMs, 1);
    if (arrivesMs === null) continue;
    const heard = ownAt(arrivesMs);
    // Asleep it hears nothing.
    if (heard.asleep) continue;
    if (heard.atMs - lastMs > 3000) alarms.push(lastMs + 3000);
    lastMs = heard.atMs;
  }
  return alarms;
};

export interface MemberlistConfig {
  readonly probeMs: number;
  readonly ackMs: number;
  readonly suspicionMs: number;
  readonly gossipMs: number;
  readonly transmissions: number;
}

/** v0.7.0, config.go and util.go, with two members: suspicion = mult x interval, transmissions = mult x ceil(log10 3). */
export const memberlistLan: MemberlistConfig = {
  probeMs: 1000,
  ackMs: 500,
  suspicionMs: 4000,
  gossipMs: 200,
  transmissions: 4,
};
export const memberlistLocal: MemberlistConfig = {
  probeMs: 1000,
  ackMs: 200,
  suspicionMs: 3000,
  gossipMs: 100,
  transmissions: 2,
};

/**
 * state.go of memberlist for two members: a ping each interval (scaled by its awareness), an answer by UDP within
 * the interval or by TCP after the ack time-out; then suspect, and dead unless the other refutes in time. Suspicion
 * travels by gossip and with each ping, the refutation by gossip. What its timing leaves open is decided in its
 * favour: own pauses and sleeps raise no alarm.
 */
export function memberlist(config: MemberlistConfig): Model {
  return ({ untilMs, path, standstills: [own, other] }) => {
    const random = randomOf(99);
    const [ownAt, otherAt] = [awakeAt(own), awakeAt(other)];
    const way = { path, otherAt, random };
    const alarms: number[] = [];
    let awareness = 0;
    let atMs = 0;
    while (atMs < untilMs) {
      const intervalMs = config.probeMs * (awareness + 1);
      const woken = ownAt(atMs);
      if (woken.atMs > atMs) {
        atMs = woken.atMs;
        continue;
      }
      const endMs = atMs + intervalMs;
      if (ownAt(endMs).atMs > endMs || answered(config, way, atMs, endMs)) {
        awareness = Math.max(0, awareness - 1);
        // The ticker goes on at its own pace once a probe is answered.
        atMs += config.probeMs;
        continue;
      }
      awareness = Math.min(7, awareness + 1);
      const deadMs = endMs + config.suspicionMs;
      const refutedMs = refuted(config, way, endMs, deadMs);
      if (refutedMs === null) alarms.push(deadMs);
      atMs = refutedMs ?? deadMs + 5000;
    }
    return alarms;
  };
}

interface Way {
  readonly path: Path;
  readonly otherAt: (atMs: number) => { atMs: number };
  readonly random: Random;
}

/** There and back; null: lost. */
function returned({ path, otherAt }: Way, atMs: number): number | null {
  const there = path(atMs, 0);
  return there === null ? null : path(otherAt(there).atMs, 1);
}

function answered(config: MemberlistConfig, way: Way, atMs: number, endMs: number): boolean {
  const ackMs = returned(way, atMs);
  if (ackMs !== null && ackMs <= endMs) return true;
  // TCP: SYN, ping and its answer, each with one retransmission after 200 ms where the time allows (SYN: 1 s, too late).
  let nowMs: number | null = returned(way, atMs + config.ackMs);
  if (nowMs === null || nowMs > endMs) return false;
  const again: number | null = returned(way, nowMs);
  nowMs = again ?? returned(way, nowMs + 200);
  return nowMs !== null && nowMs <= endMs;
}

/** When the refutation came; null: not before it was too late. */
function refuted(config: MemberlistConfig, way: Way, fromMs: number, deadMs: number): number | null {
  const { path, otherAt, random } = way;
  const gossip = Array.from(
    { length: config.transmissions },
    (_, index) => fromMs + (index + random()) * config.gossipMs,
  );
  const pings = Array.from(
    { length: Math.floor(config.suspicionMs / config.probeMs) },
    (_, index) => fromMs + index * config.probeMs,
  );
  for (const saidMs of [...gossip, ...pings].sort((a, b) => a - b)) {
    const heardMs = path(saidMs, 0);
    if (heardMs === null) continue;
    for (let count = 0; count < config.transmissions; count += 1) {
      const backMs = path(otherAt(heardMs).atMs + (count + random()) * config.gossipMs, 1);
      if (backMs !== null && backMs < deadMs) return backMs;
    }
    // It refutes a suspicion once.
    return null;
  }
  return null;
}

/** When a process that stands still at `atMs` goes on; asked in nearly the order of time. */
function awakeAt(standstills: readonly Standstill[]): (atMs: number) => { atMs: number; asleep: boolean } {
  let next = 0;
  return (atMs) => {
    while ((standstills[next]?.toMs ?? Infinity) <= atMs - 20_000) next += 1;
    for (let index = next; index < standstills.length; index += 1) {
      const standstill = standstills[index];
      if (!standstill || standstill.fromMs > atMs) break;
      if (atMs < standstill.toMs) return { atMs: standstill.toMs, asleep: standstill.asleep };
    }
    return { atMs, asleep: false };
  };
}
