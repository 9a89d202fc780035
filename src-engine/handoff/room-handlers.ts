import type { DryRun } from '../../src-shared/commands/handoff.ts';
import type { PeerCommand } from '../../src-shared/commands/peer.ts';
import type { Caller, Handlers } from '../../src-shared/commands/registry.ts';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import { coreOf, edgeOf, type Half } from './half.ts';
import type { Keeper } from './room-ports.ts';

export type HandoffHandlers = Pick<
  Handlers<Caller>,
  'handoff.leave' | 'handoff.dryRun' | 'handoff.cancel' | 'handoff.delay' | 'handoff.return'
>;

/** What the other Mac may ask of an edge (design/limits.md, CMD). */
export type AskableCommand = Extract<PeerCommand, 'leave' | 'cancel' | 'return'>;

interface HandlerPorts {
  half(): Half | null;
  ask(command: AskableCommand, name: string | null): Promise<Result<void>>;
  dryRun(half: Half): Promise<Result<DryRun>>;
}

/** What CMD has room for. */
const MOST_REASON_LETTERS = 40;

/** The edge decides for itself; the core asks it. */
export function handoffHandlers({ half, ask, dryRun }: HandlerPorts): HandoffHandlers {
  const asked = async (command: AskableCommand, keeper: Keeper, name: string | null = null) => {
    const result = await ask(command, name);
    return result.ok ? ok(keeper.view()) : result;
  };
  /** Of a core whose edge is away: what it can do alone. */
  const askedOrAlone = async (command: 'cancel' | 'return', keeper: Keeper): Promise<Result<Handoff>> => {
    const result = await asked(command, keeper);
    return !result.ok && result.error.code === 'peerAway' ? keeper.person(command) : result;
  };
  return {
    async 'handoff.leave'({ now, reason }) {
      const [keeper, leaver] = await sides(half());
      if (leaver !== null) return leaver.leave({ now, reason: reason ?? null });
      if (keeper === null) return fail('singleMac');
      return asked('leave', keeper, reason?.slice(0, MOST_REASON_LETTERS) ?? null);
    },
    async 'handoff.cancel'() {
      const [keeper, leaver] = await sides(half());
      if (leaver !== null) return leaver.cancel();
      return keeper === null ? fail('singleMac') : askedOrAlone('cancel', keeper);
    },
    async 'handoff.return'() {
      const [keeper, leaver] = await sides(half());
      if (leaver !== null) return leaver.return();
      return keeper === null ? fail('singleMac') : askedOrAlone('return', keeper);
    },
    async 'handoff.delay'() {
      const [keeper, leaver] = await sides(half());
      if (leaver !== null) return leaver.delay();
      return fail(keeper === null ? 'singleMac' : 'notOnEdge');
    },
    async 'handoff.dryRun'() {
      const now = half();
      if (now === null) return fail('singleMac');
      await now.begun;
      return dryRun(now);
    },
  };
}

/** The same verbs, asked for by the person at the core. */
export async function peerAsks(
  half: Half | null,
  command: AskableCommand,
  name: string | null,
): Promise<Result<unknown>> {
  const [keeper, leaver] = await sides(half);
  if (leaver === null) return fail(keeper === null ? 'singleMac' : 'notOnEdge');
  switch (command) {
    case 'leave':
      return leaver.leave({ now: true, reason: name });
    case 'cancel':
      return leaver.cancel();
    case 'return':
      return leaver.return();
  }
}

/** An answer that is given before it has begun would be of nothing. */
async function sides(half: Half | null) {
  await half?.begun;
  return [coreOf(half), edgeOf(half)] as const;
}
