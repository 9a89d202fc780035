import type { BreakClass, ByeReason, Likely } from '../../src-shared/world/peer.ts';
import type { Clock, Disposable, Scheduler } from '../platform/clock.ts';
import type { Detection } from './beat/beat-ports.ts';
import { LINK_CORRECTED, LINK_DOWN, LINK_UP } from './break-records.ts';
import { classify } from './classify/classify.ts';
import { noLooks, type LinkFacts, type Looks, type ProbeLooks } from './classify/looks.ts';
import { retrospective } from './classify/retrospective.ts';
import { decidedBreak, namedBreak, weaknessOf, type Judgement } from './judge-break.ts';
import type { LinkHistory } from './link-ports.ts';
import type { LinkNotices } from './link-notices.ts';
import type { Verdict } from './peer-slice.ts';
import type { HelloData, OwnPause } from './ports.ts';

/** Probes that run: what is known so far, and all of it. */
export interface RunningProbes {
  looks(): ProbeLooks;
  readonly done: Promise<ProbeLooks>;
  cancel(): void;
}

export interface BreakKeeperPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly history: LinkHistory;
  startProbes(): RunningProbes;
  facts(): LinkFacts;
  pauses(): readonly OwnPause[];
  peerName(): string;
  readonly notices: LinkNotices;
  /** The probes say that the other Mac's program is gone. */
  crashed(): void;
  /** The verdict changed. */
  changed(): void;
}

export interface BreakKeeper {
  verdict(): Verdict;
  onPhase(detection: Detection): void;
  /** A session began: what the other Mac tells puts the break right that it ends. */
  onHello(hello: HelloData): void;
  /** Facts of a link that is up changed, or the network of one that is down. */
  look(): void;
  /** Unpaired: nothing of the other Mac is remembered. */
  forget(): void;
  dispose(): void;
}

/** The break that lasts. */
interface Break {
  readonly id: string;
  readonly startedMs: number;
  readonly class: BreakClass;
  readonly likely: Likely | null;
  readonly byeReason: ByeReason | null;
  /** The first HELLO after it was heard; later ones know no more. */
  readonly isRight: boolean;
}

const PROBE_POLL_MS = 50;
/** While down, what kind of break it is may change: own cable out, router gone. */
const LOOK_AGAIN_MS = 15_000;

/** Follows the detector: probes while suspect, names the break, keeps its evidence, puts it right afterwards. */
export function createBreakKeeper(ports: BreakKeeperPorts): BreakKeeper {
  const keeper = {
    ports,
    verdict: noVerdict(ports.clock.wall()),
    probes: null as RunningProbes | null,
    polling: null as Disposable | null,
    again: null as Disposable | null,
    now: null as Break | null,
    before: null as HelloData | null,
    latest: null as HelloData | null,
  };
  return {
    verdict: () => keeper.verdict,
    onPhase: (detection) => followPhase(keeper, detection),
    onHello(hello) {
      keeper.latest = hello;
      if (keeper.now === null) keeper.before = hello;
      else if (!keeper.now.isRight) putRight(keeper, keeper.now, hello);
    },
    look() {
      if (keeper.verdict.link === 'up') lookAtWeakness(keeper);
      if (keeper.verdict.link === 'down') lookAgain(keeper);
    },
    forget() {
      rest(keeper);
      ports.notices.over();
      Object.assign(keeper, { now: null, before: null, latest: null });
      keeper.verdict = noVerdict(ports.clock.wall());
    },
    dispose: () => rest(keeper),
  };
}

interface Keeper {
  readonly ports: BreakKeeperPorts;
  verdict: Verdict;
  probes: RunningProbes | null;
  polling: Disposable | null;
  again: Disposable | null;
  now: Break | null;
  /** What the other Mac said of itself before the break that lasts, and last of all. */
  before: HelloData | null;
  latest: HelloData | null;
}

function noVerdict(wall: Date): Verdict {
  const since = wall.toISOString();
  return { link: 'never', since, class: 'NEVER_SEEN', likely: null, byeReason: null, evidence: [] };
}

function rest(keeper: Keeper): void {
  for (const owned of [keeper.polling, keeper.again]) owned?.dispose();
  keeper.probes?.cancel();
  Object.assign(keeper, { polling: null, again: null, probes: null });
}

function enter(keeper: Keeper, verdict: Partial<Verdict>): void {
  const since = keeper.ports.clock.wall().toISOString();
  keeper.verdict = { ...noVerdict(keeper.ports.clock.wall()), class: null, ...verdict, since };
  keeper.ports.changed();
}

function followPhase(keeper: Keeper, detection: Detection): void {
  switch (detection.phase) {
    case 'never':
      rest(keeper);
      return enter(keeper, { link: 'never', class: 'NEVER_SEEN' });
    case 'suspect':
      enter(keeper, { link: 'suspect' });
      return probe(keeper);
    case 'up':
      return cameBack(keeper);
    case 'down':
      return broke(keeper, detection, decidedBreak(looksOf(keeper), detection.cause));
    case 'left': {
      const { evidence } = classify({ ...noLooks, ...keeper.ports.facts(), bye: detection.byeReason });
      return broke(keeper, detection, { class: 'LEFT', likely: null, evidence });
    }
  }
}

/** Looks as long as the link is suspect, and tells the detector early when the program is plainly gone. */
function probe(keeper: Keeper): void {
  keeper.probes?.cancel();
  const probes = keeper.ports.startProbes();
  keeper.probes = probes;
  keeper.polling?.dispose();
  keeper.polling = keeper.ports.scheduler.every(PROBE_POLL_MS, () => {
    if (keeper.verdict.link !== 'suspect') return keeper.polling?.dispose();
    const gone = probes.looks().appPort?.outcome === 'refused' && keeper.ports.facts().sessionUp === false;
    if (gone) keeper.ports.crashed();
  });
}

function looksOf(keeper: Keeper): Looks {
  return { ...(keeper.probes?.looks() ?? noLooks), ...keeper.ports.facts() };
}

function broke(keeper: Keeper, detection: Detection, found: Judgement): void {
  const { ports } = keeper;
  const probes = keeper.probes;
  keeper.polling?.dispose();
  const silentMs = Math.max(detection.silenceMs ?? 0, detection.echoStallMs ?? 0);
  const startedAt = new Date(ports.clock.wall().getTime() - silentMs).toISOString();
  const { byeReason } = detection;
  const id = ports.history.add({
    kind: LINK_DOWN,
    what: `the link to ${ports.peerName()} is ${detection.phase}: ${found.class}`,
    why: byeReason ?? found.likely,
    evidence: {
      class: found.class,
      likely: found.likely,
      byeReason,
      startedAt,
      decidedAfterMs: Math.round(silentMs),
      items: found.evidence,
    },
  });
  const startedMs = detection.atMs - silentMs;
  keeper.now = { id, startedMs, class: found.class, likely: found.likely, byeReason, isRight: false };
  enter(keeper, { link: detection.phase, ...found, byeReason });
  ports.notices.broke(keeper.now);
  if (detection.phase === 'left') return;
  void probes?.done.then(() => renamed(keeper, id, namedBreak(looksOf(keeper))));
  keeper.again?.dispose();
  keeper.again = ports.scheduler.every(LOOK_AGAIN_MS, () => lookAgain(keeper));
}

/** Later looks may tell more than those of the decision. */
function lookAgain(keeper: Keeper): void {
  const { now } = keeper;
  if (now === null || keeper.verdict.link !== 'down') return;
  keeper.probes?.cancel();
  const probes = keeper.ports.startProbes();
  keeper.probes = probes;
  void probes.done.then(() => {
    if (keeper.probes === probes) renamed(keeper, now.id, namedBreak(looksOf(keeper)));
  });
}

/** The break that lasts is another kind than was thought: said, and put right in the history. */
function renamed(keeper: Keeper, id: string, found: Judgement | null): void {
  const { now } = keeper;
  if (found === null || now === null || now.id !== id || keeper.verdict.link !== 'down') return;
  if (found.class === now.class) {
    keeper.verdict = { ...keeper.verdict, likely: found.likely, evidence: found.evidence };
    return keeper.ports.changed();
  }
  correct(keeper, id, found);
  keeper.now = { ...now, class: found.class, likely: found.likely };
  keeper.verdict = { ...keeper.verdict, ...found };
  keeper.ports.changed();
  keeper.ports.notices.broke(keeper.now);
}

function correct(keeper: Keeper, id: string, found: Judgement): void {
  keeper.ports.history.add({
    kind: LINK_CORRECTED,
    what: `the break of the link to ${keeper.ports.peerName()} was ${found.class}`,
    why: found.likely,
    evidence: { class: found.class, likely: found.likely, items: found.evidence },
    corrects: id,
  });
}

function putRight(keeper: Keeper, now: Break, hello: HelloData): void {
  const found = retrospective(
    {
      class: now.class,
      likely: now.likely,
      startedAgoMs: keeper.ports.clock.monotonicMs() - now.startedMs,
      endedAgoMs: 0,
      bootIdBefore: keeper.before?.bootId ?? null,
      appStartIdBefore: keeper.before?.appStartId ?? null,
    },
    hello,
    keeper.ports.pauses(),
  );
  const isNews = found.class !== now.class || found.likely !== now.likely || found.evidence.length > 0;
  if (isNews) correct(keeper, now.id, found);
  keeper.now = { ...now, class: found.class, likely: found.likely, isRight: true };
}

function cameBack(keeper: Keeper): void {
  const { ports, now } = keeper;
  rest(keeper);
  keeper.now = null;
  keeper.before = keeper.latest;
  enter(keeper, { link: 'up' });
  if (now === null) return lookAtWeakness(keeper);
  const lastedMs = Math.round(ports.clock.monotonicMs() - now.startedMs);
  ports.history.add({
    kind: LINK_UP,
    what: `the link to ${ports.peerName()} is up again`,
    evidence: { ends: now.id, lastedMs },
  });
  ports.notices.back(lastedMs);
  lookAtWeakness(keeper);
}

/** Classes of a link that is up come from what the other Mac says: nothing is probed. */
function lookAtWeakness(keeper: Keeper): void {
  const { ports } = keeper;
  const found = weaknessOf({ ...noLooks, ...ports.facts() });
  const weak = found?.class ?? null;
  if (weak === keeper.verdict.class) return;
  const evidence = found?.evidence ?? [];
  keeper.verdict = { ...keeper.verdict, class: weak, evidence };
  ports.history.add({
    kind: weak === null ? 'link.well' : 'link.weak',
    what: `the link to ${ports.peerName()} is ${weak === null ? 'well' : weak}`,
    evidence: { class: weak, items: evidence },
  });
  ports.changed();
  if (weak === null) ports.notices.over();
  else ports.notices.broke({ class: weak, byeReason: null, likely: null, startedMs: null });
}
