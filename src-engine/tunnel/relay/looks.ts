import type { Disposable, Scheduler } from '../../platform/clock.ts';
import type { End } from './end.ts';
import { hearLine, lookAnswerSchema, sayLine } from './greeting.ts';
import type { RelayState } from './relay-config.ts';

/** As often as the edge's gate would be looked at twice before the link decides (design/limits.md, 2.5 s). */
const LOOK_MS = 1000;
const ANSWER_MS = 1000;

export interface LookPorts {
  readonly scheduler: Scheduler;
  readonly monotonicMs: () => number;
  readonly wall: () => Date;
  /** Null: it cannot be reached, or there is nobody to reach. */
  dial(): Promise<End | null>;
}

/** What the other Mac's relay says of itself, asked once a second over one connection that is kept. */
export interface Looks extends Disposable {
  last(): RelayState['look'];
  services(): RelayState['services'];
  /** Another relay is looked at from now on; null: none, and nothing is believed. */
  restart(wanted: boolean): void;
}

interface Looking {
  readonly ports: LookPorts;
  wanted: boolean;
  /** Counts the relays that were to be looked at: an answer of the one before is none. */
  turn: number;
  isBusy: boolean;
  kept: End | null;
  look: RelayState['look'];
  services: RelayState['services'];
}

const nothingYet: RelayState['look'] = { failures: 0, rttMs: null, answeredAt: null };

export function openLooks(ports: LookPorts): Looks {
  const looking: Looking = {
    ports,
    wanted: false,
    turn: 0,
    isBusy: false,
    kept: null,
    look: nothingYet,
    services: [],
  };
  const timer = ports.scheduler.every(LOOK_MS, () => next(looking));
  return {
    last: () => looking.look,
    services: () => looking.services,
    restart(wanted) {
      drop(looking);
      Object.assign(looking, { wanted, turn: looking.turn + 1, look: nothingYet, services: [] });
      next(looking);
    },
    dispose() {
      looking.wanted = false;
      looking.turn += 1;
      timer.dispose();
      drop(looking);
    },
  };
}

function drop(looking: Looking): void {
  looking.kept?.reset();
  looking.kept = null;
}

function next(looking: Looking): void {
  if (!looking.wanted || looking.isBusy) return;
  looking.isBusy = true;
  void round(looking)
    .catch(() => drop(looking))
    .finally(() => (looking.isBusy = false));
}

async function round(looking: Looking): Promise<void> {
  const { ports, turn } = looking;
  const began = ports.monotonicMs();
  const asked = looking.kept ?? (await ports.dial());
  if (looking.turn !== turn) return asked?.reset();
  looking.kept = asked;
  if (asked !== null) sayLine(asked.stream, { ask: 'look' });
  const answer =
    asked === null ? null : await hearLine(asked.stream, lookAnswerSchema, ports.scheduler, ANSWER_MS);
  if (looking.turn !== turn) return;
  if (answer === null) {
    drop(looking);
    looking.look = { ...looking.look, failures: looking.look.failures + 1, rttMs: null };
    return;
  }
  looking.services = answer.services;
  looking.look = {
    failures: 0,
    rttMs: Math.round((ports.monotonicMs() - began) * 10) / 10,
    answeredAt: ports.wall().toISOString(),
  };
}
