// An edge that is gone without a word, at random moments: ours beside HAProxy with its default checks and with checks
// of 500 ms, under the same death, on the same workloads, each with a client of its own at 100 requests a second.
// `npm run bench -- loss [PHASES] [black|link|kill|sigstop...]`: deaths of each kind, 50 by default; the peers are there
// in the first three of each (they take 40 s).
import { whyNoNamespaces } from '../../test/rig/net/namespaces.ts';
import { FAULTS, type Fault } from './handoff-faults.ts';
import { openPeers, PEER_NAMES } from './handoff-peers.ts';
import { loadProgram, openStage } from './handoff-stage.ts';
import { closeOnSignal, whileOpen } from './handoff-tools.ts';
import type { Cost } from './handoff-verdict.ts';
import { tellBeside } from './loss-told.ts';
import { OURS, trial } from './loss-trial.ts';
import { leftOut, report } from './report.ts';

const PEER_TRIALS = 3;
const MOST_FAILURES = 3;
/** Of 80 in the last second before a death. */
const LEAST_ON_EDGE = 40;

type Costs = Map<string, Cost[]>;

const [first = '50', ...rest] = process.argv.slice(2);
await measure(Number(first), faultsNamed(rest));
process.exit(0);

/** Such as `kill sigstop`; all of them where none is named. */
function faultsNamed(words: readonly string[]): readonly Fault[] {
  const isNamed = (fault: Fault): boolean =>
    words.some((word) => fault.toLowerCase().startsWith(word.toLowerCase()));
  return words.length === 0 ? FAULTS : FAULTS.filter(isNamed);
}

async function measure(phases: number, faults: readonly Fault[]): Promise<void> {
  const why = whyNoNamespaces();
  if (why !== null) return leftOut('loss', 'sudden loss', why);
  const load = loadProgram();
  if (load.why !== null) return leftOut('loss', 'sudden loss', load.why);
  closeOnSignal();
  for (const fault of faults) {
    const costs: Costs = new Map();
    const failures: string[] = [];
    // A trial that does not come back to 20/80 is told, and costs its pair: the next ones get another.
    while (wanted(costs, phases).length > 0 && failures.length < MOST_FAILURES)
      await deaths(load.program, fault, phases, costs).catch((error: unknown) => {
        failures.push(String(error));
        process.stderr.write(`loss, ${fault}: ${String(error)}\n`);
      });
    told(fault, costs);
    report('loss', `${fault}: trials that told nothing (goal 0)`, failures.length, 'times');
  }
}

/** Fronts that have not died often enough. */
function wanted(costs: Costs, phases: number): readonly string[] {
  const enough = (name: string): number => (name === OURS ? phases : Math.min(phases, PEER_TRIALS));
  return [OURS, ...PEER_NAMES].filter((name) => (costs.get(name)?.length ?? 0) < enough(name));
}

/** As many as are still wanted, on one pair. */
async function deaths(program: string, fault: Fault, phases: number, costs: Costs): Promise<void> {
  await whileOpen(
    () => openStage(program),
    async (stage) => {
      await whileOpen(
        () => openPeers(stage),
        async ({ all }) => {
          for (let names = wanted(costs, phases); names.length > 0; names = wanted(costs, phases)) {
            const peers = all.filter(({ name }) => names.includes(name));
            keep(fault, await trial(stage, fault, peers), costs);
          }
        },
      );
    },
  );
}

function keep(fault: Fault, found: ReadonlyMap<string, Cost>, costs: Costs): void {
  for (const [name, cost] of found) {
    const isGood = cost.onEdge >= LEAST_ON_EDGE;
    if (isGood) costs.set(name, [...(costs.get(name) ?? []), cost]);
    const count = costs.get(name)?.length ?? 0;
    process.stderr.write(`loss, ${fault} ${count}, ${name}: ${JSON.stringify(cost)}\n`);
  }
  const bad = [...found].filter(([, { onEdge }]) => onEdge < LEAST_ON_EDGE).map(([name]) => name);
  if (bad.length > 0) throw new Error(`the edge served next to nothing before: ${bad.join(', ')}`);
}

function told(fault: Fault, costs: Costs): void {
  const ours = costs.get(OURS);
  if (ours === undefined) return;
  for (const [name, theirs] of costs) if (name !== OURS) tellBeside(fault, ours, name, theirs);
}
