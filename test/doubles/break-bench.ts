import type { Detection } from '../../src-engine/link/beat/beat-ports.ts';
import type { DownCause } from '../../src-engine/link/beat/detector.ts';
import { createBreakKeeper } from '../../src-engine/link/break-keeper.ts';
import { noLooks, type LinkFacts, type ProbeLooks } from '../../src-engine/link/classify/looks.ts';
import { black, well as allWell } from '../../src-engine/link/classify/test-looks.ts';
import { createLinkNotices } from '../../src-engine/link/link-notices.ts';
import type { LinkHappening, LinkHistory } from '../../src-engine/link/link-ports.ts';
import type { OwnPause } from '../../src-engine/link/ports.ts';
import { fakeTime } from './fake-time.ts';

/** Without what only probes see: the keeper lays the facts over their looks. */
export const well = Object.fromEntries(
  Object.entries(allWell).filter(([key]) => !Object.hasOwn(noLooks, key)),
) as unknown as LinkFacts;

type Added = Parameters<LinkHistory['add']>[0] & { readonly id: string };

/** A round of probes that answers when the test says so, or at once when it is cut short. */
function round() {
  let known: ProbeLooks = noLooks;
  let settle: (looks: ProbeLooks) => void = () => undefined;
  const done = new Promise<ProbeLooks>((resolve) => (settle = resolve));
  let cancelled = false;
  return {
    see: (looks: Partial<ProbeLooks>) => void (known = { ...known, ...looks }),
    finish: () => settle(known),
    isCancelled: () => cancelled,
    probes: {
      looks: () => known,
      done,
      cancel() {
        cancelled = true;
        settle(known);
      },
    },
  };
}

/** A break keeper with its notices, in a time and with probes that the test moves. */
export function breakBench() {
  const time = fakeTime();
  const rounds: ReturnType<typeof round>[] = [];
  const added: Added[] = [];
  const happened: LinkHappening[] = [];
  const world: { facts: LinkFacts; pauses: OwnPause[]; crashed: number; changed: number } = {
    facts: well,
    pauses: [],
    crashed: 0,
    changed: 0,
  };
  const notices = createLinkNotices({
    ...time,
    peerName: () => 'Edge',
    waitMs: () => 5000,
    tell: (happening) => void happened.push(happening),
  });
  const history: LinkHistory = {
    add(entry) {
      const id = `r${added.length}`;
      added.push({ ...entry, id });
      return id;
    },
    settled: async () => undefined,
    async *records() {},
  };
  const keeper = createBreakKeeper({
    ...time,
    history,
    notices,
    startProbes() {
      const next = round();
      rounds.push(next);
      return next.probes;
    },
    facts: () => world.facts,
    pauses: () => world.pauses,
    peerName: () => 'Edge',
    crashed: () => void (world.crashed += 1),
    changed: () => void (world.changed += 1),
  });
  const phase = (to: Detection['phase'], change: Partial<Detection> = {}): void =>
    keeper.onPhase({
      phase: to,
      before: 'up',
      atMs: time.clock.monotonicMs(),
      silenceMs: to === 'down' ? 2500 : 100,
      echoStallMs: null,
      cause: to === 'down' ? 'silence' : null,
      byeReason: null,
      ...change,
    });
  return {
    time,
    rounds,
    added,
    happened,
    world,
    keeper,
    phase,
    kinds: () => added.map(({ kind }) => kind),
    classes: () => added.map(({ evidence }) => evidence?.['class']),
    told: () =>
      happened.flatMap((one) => (one.type === 'peer' ? [`${one.kind} ${one.params['class'] ?? ''}`] : [])),
    async down(cause: DownCause = 'silence', seen: Partial<ProbeLooks> = black) {
      world.facts = { ...well };
      phase('up');
      await time.advance(1000);
      phase('suspect');
      rounds.at(-1)?.see(seen);
      world.facts = cause === 'echo' ? { ...well, echoStalledMs: 2500 } : silentFacts;
      phase('down', { cause });
      await time.advance(0);
    },
  };
}
export const silentFacts: LinkFacts = { ...well, silentMs: 2500, freshBeats: false, echoStalledMs: 2500 };
