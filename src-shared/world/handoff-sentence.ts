import { assertNever } from '../assert-never.ts';
import type { MessageKey } from '../language/translate.ts';
import type { Handoff, LeaveReason } from './handoff.ts';
import { firstReason } from './handoff-verbs.ts';
import { errorSentence, sentence, type Sentence } from './sentence.ts';
import type { World } from './world.ts';

/** What a hand-off adds to the one sentence on top. */
export type HandoffSituation =
  /** The edge will go: a countdown, or put off by a person. */
  | 'warned'
  | 'leaving'
  /** On the edge: the lid may be closed. */
  | 'safe'
  /** On the core: the edge has left, and all is well. */
  | 'edgeGone'
  | 'lost'
  | 'returning'
  | 'held'
  /** Nothing answers where clients call. */
  | 'frontDown';

export interface HandoffWords {
  readonly situation: HandoffSituation;
  readonly severity: 'ok' | 'busy' | 'warn' | 'bad';
  readonly headline: Sentence;
  readonly detail: Sentence | null;
}

type Params = Readonly<Record<string, string | number>>;

/** Both names, whichever Mac this is; two of the same name are told apart by what they are. */
export function namesOf({ role, host, peer }: Pick<World, 'role' | 'host' | 'peer'>): Params {
  const [own, other] = role === 'core' ? (['core', 'edge'] as const) : (['edge', 'core'] as const);
  if (peer === null) return { [own]: host.name, [`${other}Key`]: 'peer.other' };
  const told = (name: string, side: string): string => (host.name === peer.name ? `${name} (${side})` : name);
  return { [own]: told(host.name, own), [other]: told(peer.name, other) };
}

/** What a sentence needs to speak a reason as `{{reason}}`. */
export function reasonParams(reason: LeaveReason): Params {
  return { reasonKey: reasonKey(reason), ...(reason.detail === null ? {} : { detail: reason.detail }) };
}

export function leaveReasonSentence(reason: LeaveReason): Sentence {
  return sentence(reasonKey(reason), reason.detail === null ? {} : { detail: reason.detail });
}

/** With the reading behind it, or what a person wrote, where that says more. */
function reasonKey({ name, detail }: LeaveReason): MessageKey {
  switch (name) {
    case 'battery':
    case 'memory':
    case 'thermal':
    case 'user':
      return detail === null || detail === '' ? `handoff.reason.${name}` : `handoff.reason.${name}.read`;
    case 'lid':
    case 'suspend':
    case 'shutdown':
      return `handoff.reason.${name}`;
    default:
      return assertNever(name);
  }
}

interface Told {
  readonly handoff: Handoff;
  readonly side: 'core' | 'edge';
  readonly names: Params;
}

function toldOf(world: World): Told | null {
  const { handoff, role } = world;
  return handoff === null || role === 'single' ? null : { handoff, side: role, names: namesOf(world) };
}

/** The edge moves, or something waits for a person: above everything but a lost engine. */
export function handoffUnderWay(world: World): HandoffWords | null {
  const told = toldOf(world);
  if (told === null) return null;
  switch (told.handoff.state) {
    case 'WARNED':
      return dueToLeave(told);
    case 'PREPARING':
    case 'SHIFTING':
    case 'VERIFYING':
      return leaving(told, 'leaving');
    case 'DRAINING':
      return leaving(told, 'finishing');
    case 'RELEASED':
      return released(told);
    case 'RETURNING':
      return returning(told);
    case 'HOLD':
      return held(told);
    case 'SERVING':
    case 'SUSPECT':
    case 'OFFLINE':
    case 'LOST':
      return null;
    default:
      return assertNever(told.handoff.state);
  }
}

/** Nothing comes to this edge any more, so that its other troubles can wait. */
export function safeState(world: World): HandoffWords | null {
  const told = toldOf(world);
  if (told === null || told.side !== 'edge' || told.handoff.state !== 'OFFLINE') return null;
  const { handoff, names } = told;
  const { safeToCloseLid } = handoff;
  if (safeToCloseLid === true)
    return {
      situation: 'safe',
      severity: 'ok',
      headline: sentence('handoff.head.safe.edge'),
      detail: sentence('handoff.detail.safe', { ...names, sinceAt: handoff.since }),
    };
  return {
    situation: 'edgeGone',
    severity: 'warn',
    headline: sentence('handoff.head.left.edge'),
    detail: sentence(safeToCloseLid === null ? 'handoff.detail.left' : 'handoff.detail.left.not', names),
  };
}

/** The core gave the edge up. Its break, when there is one, has words of its own. */
export function lostState(world: World): HandoffWords | null {
  const told = toldOf(world);
  if (told === null || told.handoff.state !== 'LOST') return null;
  return {
    situation: 'lost',
    severity: told.side === 'core' ? 'bad' : 'warn',
    headline: sentence(`handoff.head.lost.${told.side}`, told.names),
    detail: sentence(`handoff.detail.lost.${told.side}`, { ...told.names, sinceAt: told.handoff.since }),
  };
}

/** On the core: the edge is away as announced. */
export function edgeGoneState(world: World): HandoffWords | null {
  const told = toldOf(world);
  if (told === null || told.side !== 'core' || told.handoff.state !== 'OFFLINE') return null;
  const byPerson = told.handoff.reasons.some(({ name }) => name === 'user');
  return {
    situation: 'edgeGone',
    severity: 'ok',
    headline: sentence('handoff.head.gone.core', told.names),
    detail: sentence(byPerson ? 'handoff.detail.gone.user' : 'handoff.detail.gone', {
      ...told.names,
      sinceAt: told.handoff.since,
    }),
  };
}

/** A warning without a countdown: the core makes itself ready. */
export function warnedState(world: World): HandoffWords | null {
  const told = toldOf(world);
  if (told === null || told.handoff.state !== 'WARNED') return null;
  const reason = firstReason(told.handoff);
  return {
    situation: 'warned',
    severity: 'warn',
    headline: sentence(`handoff.head.warned.${told.side}`, told.names),
    detail:
      reason === null
        ? null
        : sentence(`handoff.detail.warned.${told.side}`, { ...told.names, ...reasonParams(reason) }),
  };
}

/** Nothing answers where clients call, on whichever Mac it is told. */
export function frontDownState(world: World): HandoffWords | null {
  const { traffic, role } = world;
  if (traffic === null || role === 'single' || traffic.state !== 'down') return null;
  return {
    situation: 'frontDown',
    severity: 'bad',
    headline: sentence(`traffic.head.down.${role}`, namesOf(world)),
    detail: traffic.problem === null ? null : errorSentence(traffic.problem),
  };
}

function dueToLeave({ handoff, side, names }: Told): HandoffWords | null {
  const { countdownEndsAt, delayedUntil } = handoff;
  if (countdownEndsAt === null && delayedUntil === null) return null;
  const reason = firstReason(handoff);
  const why = reason === null ? { reasonKey: 'handoff.reason.unknown' } : reasonParams(reason);
  return {
    situation: 'warned',
    severity: 'warn',
    headline: sentence(
      `handoff.head.${countdownEndsAt === null ? 'delayed' : 'aboutToLeave'}.${side}`,
      names,
    ),
    detail:
      countdownEndsAt === null
        ? sentence('handoff.detail.delayed', { ...why, untilAt: delayedUntil ?? handoff.since })
        : sentence('handoff.detail.countdown', { ...why, beginsAt: countdownEndsAt }),
  };
}

function leaving({ handoff, side, names }: Told, head: 'leaving' | 'finishing'): HandoffWords {
  const reason = firstReason(handoff);
  const why = reason === null ? { reasonKey: 'handoff.reason.unknown' } : reasonParams(reason);
  return {
    situation: 'leaving',
    severity: 'warn',
    headline: sentence(`handoff.head.${head}.${side}`, names),
    detail:
      handoff.deadlineAt === null
        ? sentence('handoff.detail.reason', why)
        : sentence('handoff.detail.until', { ...why, byAt: handoff.deadlineAt }),
  };
}

/** Weight 0 is proven and nothing is in flight: only the edge's cluster is still to be stopped. */
function released({ handoff, side, names }: Told): HandoffWords {
  if (side === 'core')
    return {
      situation: 'leaving',
      severity: 'ok',
      headline: sentence('handoff.head.gone.core', names),
      detail: sentence('handoff.detail.stopping', names),
    };
  const safe = handoff.safeToCloseLid === true;
  return {
    situation: safe ? 'safe' : 'leaving',
    severity: safe ? 'ok' : 'warn',
    headline: sentence(safe ? 'handoff.head.safe.edge' : 'handoff.head.stopping.edge', names),
    detail: sentence('handoff.detail.safe.stopping', names),
  };
}

function returning({ handoff, side, names }: Told): HandoffWords {
  const { returning: trial } = handoff;
  return {
    situation: 'returning',
    severity: 'busy',
    headline: sentence(`handoff.head.returning.${side}`, names),
    detail:
      trial === null || trial.share === 0
        ? sentence('handoff.detail.returning.checks')
        : sentence('handoff.detail.returning', { share: trial.share, target: trial.target }),
  };
}

function held({ handoff, side, names }: Told): HandoffWords {
  return {
    situation: 'held',
    severity: 'warn',
    headline: sentence(`handoff.head.held.${side}`, names),
    detail:
      handoff.hold === null
        ? sentence('handoff.detail.held')
        : errorSentence({ ...handoff.hold, params: { ...names, ...handoff.hold.params } }),
  };
}
