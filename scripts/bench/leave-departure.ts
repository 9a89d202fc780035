import { judge, type ClientRecord } from '../../src-demo/load/ledger.ts';
import { nowMs } from '../../src-demo/load/now.ts';
import { must } from '../../src-demo/pair-macs.ts';
import { LOOK_MS } from '../../src-engine/handoff/keeper/limits.ts';
import { askOverSocket } from '../../src-engine/platform/socket-http.ts';
import { controlSocketOf } from '../../src-engine/traffic/process/own-program.ts';
import { defaultSettings } from '../../src-shared/settings.ts';
import { signal } from './handoff-faults.ts';
import { openStage, type Stage } from './handoff-stage.ts';
import { whileOpen } from './handoff-tools.ts';
import { whyLost } from './handoff-verdict.ts';
import { pause } from './report.ts';

/** What a departure cost, and how long it took. */
export interface Departure {
  readonly name: string;
  readonly asked: number;
  /** Of those that ended in the second before the departure, answered by the edge, percent: 80 is as it should be. */
  readonly onEdgePercent: number;
  readonly lost: number;
  /** As in Cost. */
  readonly why: string;
  readonly duplicates: number;
  readonly tookMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the load client, a request. */
  readonly cpuMicroseconds: number;
  readonly late99Ms: number;
}

export interface Way {
  readonly name: string;
  readonly isOurs: boolean;
  /** Resolves when whoever does it calls the edge gone. */
  leave(stage: Stage): Promise<void>;
}

const REQUESTS = 20_000;
const LONGEST_LOAD_MS = 100_000;
/** The longest answer of the load. */
const SLOW_MS = 2000;
/** Some POSTs are in flight at any moment. */
const POST_MS = 100;
/** Compiled, connected and steady before anything is asked. */
const RAMP_MS = 15_000;
const STEADY_MS = 5000;
/**
 * POSTs of a hundred requests. Each takes a TLS handshake of its own, keys of both sides included (decision 3): at 2,000
 * requests a second a fifth of them would take one of the two cores of a small machine that plays both Macs.
 */
export const postsAt = (perSecond: number): 5 | 20 => (perSecond > 500 ? 5 : 20);
/** Whatever the end of the edge still costs is seen by then. */
const AFTER_MS = 3000;
const MOST_TRIES = 3;
const LEAST_ON_EDGE_PERCENT = 60;
const DEPARTURE_MS = 130_000;
const READINESS_OFF_MS = 30_000;

/** The look at half the share, and the least that a drain takes (design/limits.md). */
const fixedWaitsMs = LOOK_MS + defaultSettings.handoff.drainMinSeconds * 1000;
/** At most 1.2 times the longest request and the fixed waits. */
export const goalMs = 1.2 * (SLOW_MS + fixedWaitsMs);

const byTandem: Way = {
  name: 'tandem leave',
  isOurs: true,
  async leave({ edge }) {
    await must(edge.client(), 'handoff.leave', { now: true });
    await edge.reach(
      'OFFLINE and safe',
      DEPARTURE_MS,
      ({ handoff }) => handoff?.state === 'OFFLINE' && handoff.safeToCloseLid === true,
    );
  },
};

const justStop: Way = {
  name: 'just stop the edge',
  isOurs: false,
  leave: async (stage) => stopPolitely(stage),
};

const readinessOff: Way = {
  name: 'readiness off, then stop after 30 s',
  isOurs: false,
  async leave(stage) {
    const answer = await askOverSocket({
      socketPath: controlSocketOf(stage.edge.home, 'gate'),
      method: 'POST',
      path: '/ready',
      body: { ready: false, why: 'leaving' },
      limitMs: 2000,
    });
    if (answer?.status !== 200) throw new Error(`the gate does not take it: ${JSON.stringify(answer)}`);
    await pause(READINESS_OFF_MS);
    await stopPolitely(stage);
  },
};

export const ways: readonly Way[] = [byTandem, justStop, readinessOff];

/** Gate and workload at once, as a person or a machine that shuts down ends them. */
async function stopPolitely(stage: Stage): Promise<void> {
  signal([...gateOf(stage), stage.workloadPid('edge')], 'SIGTERM');
}

const engineOf = ({ edge }: Stage): number[] => edge.pids().slice(0, 1);
const gateOf = ({ edge }: Stage): number[] => edge.pids().slice(1);

/**
 * One departure, with a pair of its own. An edge that served next to nothing just before has left already, by the
 * checks of a front on a machine that had no time for it: nothing was measured, and it is done again.
 */
export async function departure(way: Way, perSecond: number, program: string): Promise<Departure> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const found = await depart(way, perSecond, program);
    if (found.onEdgePercent >= LEAST_ON_EDGE_PERCENT) return found;
    process.stderr.write(
      `leave, ${perSecond}/s, ${way.name}: the edge had left before: ${JSON.stringify(found)}\n`,
    );
  }
  throw new Error(`${way.name}: the edge served nothing in any of ${MOST_TRIES} tries`);
}

function onEdgePercent(records: readonly ClientRecord[], askedMs: number): number {
  const last = records.filter(({ endedMs }) => endedMs <= askedMs && endedMs > askedMs - 1000);
  return (100 * last.filter(({ backend }) => backend === 'edge').length) / Math.max(1, last.length);
}

async function depart(way: Way, perSecond: number, program: string): Promise<Departure> {
  return whileOpen(
    () => openStage(program),
    async (stage) => {
      await stage.settle();
      // The fronts of the peers are told nothing; their own checks go on, which is all that the gate waits for.
      if (!way.isOurs) signal([...engineOf(stage), ...stage.core.pids().slice(0, 1)], 'SIGSTOP');
      const posts = postsAt(perSecond);
      const pace = { perSecond, posts, rampMs: RAMP_MS };
      const load = stage.load({ front: stage.front, ...pace, postMs: POST_MS, slowMs: SLOW_MS });
      const beganMs = nowMs();
      await pause(RAMP_MS + STEADY_MS);
      const askedMs = nowMs();
      await way.leave(stage);
      const tookMs = nowMs() - askedMs;
      // A lid that closes, a battery that is empty: gone is gone, for all three.
      signal([...stage.edge.pids(), stage.workloadPid('edge')], 'SIGKILL');
      const wholeMs = Math.min(LONGEST_LOAD_MS, (REQUESTS * 1000) / perSecond);
      await pause(Math.max(AFTER_MS, beganMs + wholeMs - nowMs()));
      const { records, word } = await load.end();
      const verdict = judge(records, stage.executions());
      if ((verdict.byBackend['edge'] ?? 0) === 0)
        throw new Error('the edge served nothing: nothing was measured');
      return {
        name: way.name,
        asked: verdict.total,
        onEdgePercent: onEdgePercent(records, askedMs),
        lost: verdict.lost.length,
        why: whyLost(verdict.lost),
        duplicates: verdict.duplicates.length,
        tookMs,
        p50Ms: verdict.p50Ms ?? NaN,
        p99Ms: verdict.p99Ms ?? NaN,
        cpuMicroseconds: word.cpuMicroseconds / Math.max(1, word.begun),
        late99Ms: word.late99Ms,
      };
    },
  );
}
