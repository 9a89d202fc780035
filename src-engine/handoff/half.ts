import { assertNever } from '../../src-shared/assert-never.ts';
import type { HandoffMessage, HandoffMessageType } from '../../src-shared/handoff-messages.ts';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import type { Disposable, Scheduler } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { LinkFact } from './ports.ts';
import type { Keeper, Leaver } from './room-ports.ts';

/** What this Mac is in the hand-off: the core's keeper or the edge's leaver. */
export type HalfSide =
  { readonly role: 'core'; readonly keeper: Keeper } | { readonly role: 'edge'; readonly leaver: Leaver };

/** A keeper or leaver from its beginning to its end. What is told before it has begun waits, in order. */
export interface Half {
  readonly side: HalfSide;
  /** It has begun, or was given up on waiting for. */
  readonly begun: Promise<void>;
  hear(message: HandoffMessage): void;
  linkChanged(fact: LinkFact): void;
  /** Runs now, or as soon as it has begun. */
  soon(task: () => void): void;
  view(): Handoff;
  end(): Promise<void>;
}

/** A front that does not answer must not keep the link's word from who has to act upon it. */
const BEGIN_MS = 2000;
/** A sender that floods what is not ready keeps the newest. */
const MOST_WAITING = 200;

const fromEdge: readonly HandoffMessageType[] = [
  'INTENT',
  'CANCEL',
  'PREPARED',
  'DRAINED',
  'GONE',
  'LEAVE_NOW',
  'REJOIN',
  'ASK_RETURN',
];

/** Is this a message that the other side may send to this one? */
export function isForSide(role: HalfSide['role'], type: HandoffMessageType): boolean {
  return fromEdge.includes(type) === (role === 'core');
}

export interface HalfPorts {
  readonly scheduler: Scheduler;
  readonly log: Logger;
}

export function beginHalf({ scheduler, log }: HalfPorts, side: HalfSide): Half {
  const unit = side.role === 'core' ? side.keeper : side.leaver;
  const waiting: (() => void)[] = [];
  let ready = false;
  let timer: Disposable | null = null;
  let open: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (open = resolve));
  const flush = (): void => {
    timer?.dispose();
    if (ready) return;
    ready = true;
    for (const task of waiting.splice(0)) task();
    open();
  };
  timer = scheduler.after(BEGIN_MS, () => {
    log.warn({ role: side.role }, 'the hand-off takes long to begin');
    flush();
  });
  void unit
    .begin()
    .catch((error: unknown) => log.error({ error: String(error) }, 'the hand-off did not begin'))
    .then(flush);
  const soon = (task: () => void): void => {
    if (ready) return task();
    if (waiting.length >= MOST_WAITING) waiting.shift();
    waiting.push(task);
  };
  return {
    side,
    begun,
    hear: (message) => soon(() => unit.hear(message)),
    linkChanged: (fact) => soon(() => unit.linkChanged(fact)),
    soon,
    view: () => unit.view(),
    end() {
      // What still waits is told to nobody.
      waiting.length = 0;
      timer?.dispose();
      ready = true;
      open();
      return unit.dispose();
    },
  };
}

/** The leaver, where this is an edge. */
export function edgeOf(half: Half | null): Leaver | null {
  if (half === null) return null;
  switch (half.side.role) {
    case 'core':
      return null;
    case 'edge':
      return half.side.leaver;
    default:
      return assertNever(half.side);
  }
}

export function coreOf(half: Half | null): Keeper | null {
  return half?.side.role === 'core' ? half.side.keeper : null;
}
