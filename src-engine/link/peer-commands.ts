import { randomUUID } from 'node:crypto';
import type { PeerCommand } from '../../src-shared/commands/peer.ts';
import { fail, ok, TandemFailure, type Result } from '../../src-shared/errors/result.ts';
import { pause, type Scheduler } from '../platform/clock.ts';
import type { Frame, Session } from './ports.ts';

export interface PeerCommandPorts {
  readonly scheduler: Scheduler;
  session(): Session | null;
  /** Does what the other Mac asks for. */
  act(command: PeerCommand, name: string | null): Promise<Result<unknown>>;
}

/** CMD and CMD_RESULT: asks the other Mac to act, and answers when it asks. */
export interface PeerCommands {
  /** `peerAway` without a session or an answer; `peerRefused` with the other Mac's own code. */
  ask(command: PeerCommand, name: string | null): Promise<Result<{ asked: PeerCommand }>>;
  /** The same, with the other Mac's refusal as it said it. */
  request(command: PeerCommand, name: string | null): Promise<Result<void>>;
  onAsked(frame: Extract<Frame, { type: 'CMD' }>): void;
  onResult(frame: Extract<Frame, { type: 'CMD_RESULT' }>): void;
}

const ANSWER_MS = 5000;
/** A start takes a minute: what was not refused by then has begun, and STATUS tells the rest. */
const BEGUN_MS = 1500;

export function createPeerCommands({ scheduler, session, act }: PeerCommandPorts): PeerCommands {
  const asked = new Map<string, (result: Frame & { type: 'CMD_RESULT' }) => void>();
  /** Null: no session, or no answer. */
  async function answerTo(command: PeerCommand, name: string | null) {
    const id = randomUUID();
    const answer = new Promise<Frame & { type: 'CMD_RESULT' }>((resolve) => asked.set(id, resolve));
    const sent = session()?.send({ type: 'CMD', id, command, name }) ?? false;
    const result = sent ? await within(scheduler, ANSWER_MS, answer, null) : null;
    asked.delete(id);
    return result;
  }
  return {
    async ask(command, name) {
      const result = await answerTo(command, name);
      if (result === null) return fail('peerAway');
      if (result.ok) return ok({ asked: command });
      return fail('peerRefused', { command, code: result.error?.code ?? 'internal' });
    },
    async request(command, name) {
      const result = await answerTo(command, name);
      if (result === null) return fail('peerAway');
      if (result.ok) return ok(undefined);
      return { ok: false, error: result.error ?? { code: 'internal', params: { detail: command } } };
    },
    onAsked({ id, command, name }) {
      const acted = attempt(() => act(command, name));
      void within(scheduler, BEGUN_MS, acted, ok(null)).then((result) =>
        session()?.send({ type: 'CMD_RESULT', id, ok: result.ok, error: result.ok ? null : result.error }),
      );
    },
    onResult: (frame) => asked.get(frame.id)?.(frame),
  };
}

/** The answer, or `otherwise` when it takes longer; no timer is left. */
async function within<T, U>(
  scheduler: Scheduler,
  limitMs: number,
  answer: Promise<T>,
  otherwise: U,
): Promise<T | U> {
  const over = new AbortController();
  const late = pause(scheduler, limitMs, over.signal).then(() => otherwise);
  try {
    return await Promise.race([answer, late]);
  } finally {
    over.abort();
  }
}

/** What another room throws is an answer too: nobody else would catch it here. */
async function attempt(task: () => Promise<Result<unknown>>): Promise<Result<unknown>> {
  try {
    return await task();
  } catch (error) {
    return error instanceof TandemFailure ? { ok: false, error: error.error } : fail('internal');
  }
}
