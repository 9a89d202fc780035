import type { Clock, Disposable, Scheduler } from '../platform/clock.ts';
import type { Detection } from './beat/beat-ports.ts';
import { LINK_CORRECTED, LINK_DOWN, LINK_UP } from './break-records.ts';
import { classify } from './classify/classify.ts';
import { noLooks, type LinkFacts, type Looks, type ProbeLooks } from './classify/looks.ts';
import { turnedOut, type Break } from './lasting-break.ts';
import { decidedBreak, isOwnFault, namedBreak, type Judgement } from './judge-break.ts';
import type { LinkHistory } from './link-ports.ts';
import type { LinkNotices } from './link-notices.ts';
import type { Verdict } from './peer-slice.ts';
import type { HelloData, OwnPause } from './ports.ts';
import { createWeakness, type Weakness } from './weakness.ts';

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
  /** The probes say that nothing will be heard: its program is gone, or this Mac has no network. */
  crashed(): void;
  /** The verdict changed. */
  changed(): void;
}

export interface BreakKeeper {
  verdict(): Verdict;
  onPhase(detection: Detection): void;
  /** A session began: what the other Mac tells puts the break right that it ends. */
  onHello(hello: HelloData): void;
  /** What the other Mac says of itself changed. */
  look(): void;
  /** This Mac's network changed: what was seen through the old one counts no more. */
  networkChanged(): void;
  /** Unpaired: nothing of the other Mac is remembered. */
  forget(): void;
  dispose(): void;
}

const PROBE_POLL_MS = 50;
/** While down, what is the matter may change: own cable out, router gone. */
const LOOK_AGAIN_MS = 15_000;
/** Of the World's `peer` (src-shared/world/peer.ts). */
const MOST_EVIDENCE = 24;

/** Follows the detector: probes while suspect, names the break, keeps its evidence, puts it right afterwards. */
export function createBreakKeeper(ports: BreakKeeperPorts): BreakKeeper {
  const keeper: Keeper = {
    ports,
    weakness: createWeakness(ports),
    verdict: noVerdict(ports.clock.wall()),
    probes: null,
    polling: null,
    again: null,
    now: null,
    before: null,
    latest: null,
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
    },
    networkChanged() {
      if (keeper.verdict.link === 'suspect') probe(keeper);
      if (keeper.verdict.link === 'down') lookAgain(keeper);
    },
    forget() {
      rest(keeper);
      ports.notices.forget();
      keeper.weakness.forget();
      Object.assign(keeper, { now: null, before: null, latest: null });
      keeper.verdict = noVerdict(ports.clock.wall());
    },
    dispose() {
      rest(keeper);
      ports.notices.dispose();
    },
  };
}

interface Keeper {
  readonly ports: BreakKeeperPorts;
  readonly weakness: Weakness;
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
  const { probes, polling, again } = keeper;
  // Forgotten before they are cancelled: what ends early is not listened to.
  Object.assign(keeper, { polling: null, again: null, probes: null });
  for (const owned of [polling, again]) owned?.dispose();
  probes?.cancel();
}

function enter(keeper: Keeper, verdict: Partial<Verdict>): void {
  keeper.verdict = { ...noVerdict(keeper.ports.clock.wall()), class: null, ...verdict };
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
      broke(keeper, detection, decidedBreak(looksOf(keeper), detection.cause));
      return followUp(keeper);
    case 'left': {
      rest(keeper);
      const { evidence } = classify({ ...noLooks, ...keeper.ports.facts(), bye: detection.byeReason });
      return broke(keeper, detection, { class: 'LEFT', likely: null, evidence });
    }
  }
}

function startRound(keeper: Keeper): RunningProbes {
  const older = keeper.probes;
  const probes = keeper.ports.startProbes();
  keeper.probes = probes;
  older?.cancel();
  return probes;
}

/** Looks as long as the link is suspect, and tells the detector early when nothing will be heard. */
function probe(keeper: Keeper): void {
  startRound(keeper);
  keeper.polling?.dispose();
  keeper.polling = keeper.ports.scheduler.every(PROBE_POLL_MS, () => {
    const looks = looksOf(keeper);
    const gone = looks.appPort?.outcome === 'refused' && looks.sessionUp === false;
    if (gone || looks.ownInterface?.outcome === 'down') keeper.ports.crashed();
  });
}

function looksOf(keeper: Keeper): Looks {
  return { ...(keeper.probes?.looks() ?? noLooks), ...keeper.ports.facts() };
}

function broke(keeper: Keeper, detection: Detection, found: Judgement): void {
  const { ports } = keeper;
  keeper.polling?.dispose();
  keeper.weakness.broken();
  const silentMs = silentBefore(detection);
  const startedAt = new Date(ports.clock.wall().getTime() - silentMs).toISOString();
  const { byeReason } = detection;
  const items = found.evidence;
  const about = { name: ports.peerName(), class: found.class, likely: found.likely, byeReason, startedAt };
  const id = ports.history.add({
    kind: LINK_DOWN,
    what: `the link to ${ports.peerName()} is ${detection.phase}: ${found.class}`,
    why: byeReason ?? found.likely,
    evidence: { ...about, decidedAfterMs: Math.round(silentMs), items },
  });
  const startedMs = detection.atMs - silentMs;
  keeper.now = { id, startedMs, class: found.class, likely: found.likely, byeReason, isRight: false };
  enter(keeper, { link: detection.phase, ...found, byeReason });
  ports.notices.broke(keeper.now);
}

/** What the decision rests on: a last beat may carry an echo that is a beat old, and that beat was no silence. */
function silentBefore({ cause, silenceMs, echoStallMs }: Detection): number {
  return (cause === 'echo' ? echoStallMs : silenceMs) ?? 0;
}

/** The probes of the decision may not all have answered; later looks see what becomes of the break. */
function followUp(keeper: Keeper): void {
  if (keeper.probes !== null) judgeAfter(keeper, keeper.probes, 'decision');
  keeper.again?.dispose();
  keeper.again = keeper.ports.scheduler.every(LOOK_AGAIN_MS, () => lookAgain(keeper));
}

function lookAgain(keeper: Keeper): void {
  judgeAfter(keeper, startRound(keeper), 'later');
}

/** Which round of probes speaks: the one that the decision rested on, or one of the time after it. */
type Round = 'decision' | 'later';

/** A round that another one replaced is cut short: what it did not see is not held against anybody. */
function judgeAfter(keeper: Keeper, probes: RunningProbes, round: Round): void {
  const { now } = keeper;
  void probes.done.then(() => {
    if (now === null || keeper.probes !== probes || keeper.verdict.link !== 'down') return;
    const found = namedBreak(looksOf(keeper));
    if (found !== null && keeper.now?.id === now.id) renamed(keeper, keeper.now, found, round);
  });
}

/**
 * The break looks like another kind than was thought. That corrects the history, except for two cases: the other
 * Mac's own word stands, and a fault of this Mac's that comes or goes in the middle of a break is another matter.
 */
function renamed(keeper: Keeper, now: Break, found: Judgement, round: Round): void {
  const isSame = found.class === now.class;
  const ownFault = isOwnFault(found.class);
  if (now.isRight && !ownFault)
    return show(keeper, { class: now.class, likely: now.likely, evidence: found.evidence });
  if (!now.isRight && (isSame || round === 'decision' || ownFault === isOwnFault(now.class))) {
    if (!isSame) correct(keeper, now.id, found);
    keeper.now = { ...now, class: found.class, likely: found.likely };
  }
  show(keeper, found);
}

function show(keeper: Keeper, found: Judgement): void {
  keeper.verdict = { ...keeper.verdict, ...found, evidence: found.evidence.slice(0, MOST_EVIDENCE) };
  keeper.ports.changed();
  if (keeper.now !== null && keeper.verdict.link === 'down')
    keeper.ports.notices.broke({ ...keeper.now, class: found.class, likely: found.likely });
}

function correct(keeper: Keeper, id: string, found: Judgement): void {
  keeper.ports.history.add({
    kind: LINK_CORRECTED,
    what: `the break of the link to ${keeper.ports.peerName()} was ${found.class}`,
    why: found.likely,
    evidence: {
      name: keeper.ports.peerName(),
      class: found.class,
      likely: found.likely,
      items: found.evidence,
    },
    corrects: id,
  });
}

function putRight(keeper: Keeper, now: Break, hello: HelloData): void {
  const { clock, pauses } = keeper.ports;
  const found = turnedOut(now, clock.monotonicMs(), keeper.before, hello, pauses());
  keeper.now = { ...now, isRight: true };
  if (found === null) return;
  correct(keeper, now.id, found);
  keeper.now = { ...now, class: found.class, likely: found.likely, isRight: true };
  show(keeper, { ...found, evidence: [...found.evidence, ...keeper.verdict.evidence] });
}

function cameBack(keeper: Keeper): void {
  const { ports, now } = keeper;
  rest(keeper);
  keeper.now = null;
  keeper.before = keeper.latest;
  if (now !== null) {
    const lastedMs = Math.round(ports.clock.monotonicMs() - now.startedMs);
    ports.history.add({
      kind: LINK_UP,
      what: `the link to ${ports.peerName()} is up again`,
      evidence: { name: ports.peerName(), ends: now.id, lastedMs },
    });
    ports.notices.back(lastedMs);
  }
  const weak = keeper.weakness.look();
  enter(keeper, { link: 'up', class: weak?.class ?? null, evidence: weak?.evidence ?? [] });
}

function lookAtWeakness(keeper: Keeper): void {
  const weak = keeper.weakness.look();
  if ((weak?.class ?? null) === keeper.verdict.class) return;
  keeper.verdict = { ...keeper.verdict, class: weak?.class ?? null, evidence: weak?.evidence ?? [] };
  keeper.ports.changed();
}
