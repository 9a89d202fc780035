import { pause, type Clock, type Scheduler } from '../src-engine/platform/clock.ts';
import type { EngineClient } from '../src-engine/platform/engine-client.ts';
import type { Input, Method, Output } from '../src-shared/commands/registry.ts';
import { fail, type Result } from '../src-shared/errors/result.ts';
import type { EngineLinkState } from '../src-shared/world/state-sentence.ts';
import { nextDelayMs } from './back-off.ts';
import { answers, feelPulse } from './engine-pulse.ts';
import type { EngineProcess } from './engine-process.ts';
import { ownEngine, type OwnEngine } from './own-engine.ts';

export interface EngineLinkDeps {
  connect(): Promise<Result<EngineClient>>;
  spawn(): EngineProcess;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  onState(state: EngineLinkState): void;
  /** Each time an engine answers; what was subscribed before is gone. */
  onConnected(client: EngineClient): void;
}

/** The app's way to its engine: it attaches to one that runs, or starts one, and comes back when it was lost. */
export interface EngineLink {
  call<M extends Method>(method: M, input: Input<M>): Promise<Result<Output<M>>>;
  /** True while an engine lives that this app started. */
  ownsEngine(): boolean;
  /** Tries again at once instead of waiting: after a sleep. */
  wake(): void;
  /** Asks the own engine to end and waits for it; ends it by signal when it does not within the limit. */
  stopOwnEngine(limitMs: number): Promise<void>;
  close(): void;
}

const DOOR_POLL_MS = 40;
/** An engine that has not opened its door by then is ended and started anew. */
const DOOR_LIMIT_MS = 15_000;

/** A client that answers; `null` when there is none, or when there is one that hangs: no second one beside it. */
async function attach(
  deps: EngineLinkDeps,
  own: OwnEngine,
  closed: AbortSignal,
): Promise<EngineClient | null> {
  const running = await meet(deps);
  if (running === 'silent') {
    // One that this app did not start is left alone, and tried again later.
    if (own.isAlive()) await own.end();
    return null;
  }
  if (running !== null) return running;
  own.ensure();
  const until = deps.clock.monotonicMs() + DOOR_LIMIT_MS;
  while (own.isAlive() && !closed.aborted) {
    await pause(deps.scheduler, DOOR_POLL_MS, closed);
    const met = await meet(deps);
    if (met !== null && met !== 'silent') return met;
    if (met === 'silent' || deps.clock.monotonicMs() > until) await own.end();
  }
  if (closed.aborted) return null;
  // It ended: perhaps because another engine had just taken the home.
  const other = await meet(deps);
  return other === 'silent' ? null : other;
}

async function meet(deps: EngineLinkDeps): Promise<EngineClient | 'silent' | null> {
  const connected = await deps.connect();
  if (!connected.ok) return null;
  const client = connected.value;
  if (await answers(client, deps.scheduler)) return client;
  client.close();
  return 'silent';
}

export function openEngineLink(deps: EngineLinkDeps): EngineLink {
  const { clock, scheduler } = deps;
  const closed = new AbortController();
  const own = ownEngine(deps.spawn, scheduler);
  let client: EngineClient | null = null;
  let waking = new AbortController();

  /** One connection from its beginning to its end: how long it lasted, and whether the engine hangs. */
  async function liveOnce(): Promise<{ livedMs: number; hangs: boolean }> {
    const attached = await attach(deps, own, closed.signal);
    if (attached === null) return { livedMs: 0, hangs: false };
    if (closed.signal.aborted) attached.close();
    client = attached;
    const sinceMs = clock.monotonicMs();
    deps.onConnected(attached);
    deps.onState('connected');
    const end = await feelPulse(attached, scheduler);
    client = null;
    attached.close();
    return { livedMs: clock.monotonicMs() - sinceMs, hangs: end === 'silent' };
  }

  async function keepConnected(): Promise<void> {
    let delayMs: number | null = null;
    while (!closed.signal.aborted) {
      const { livedMs, hangs } = await liveOnce();
      if (closed.signal.aborted) return;
      deps.onState('lost');
      if (hangs) await own.end();
      delayMs = nextDelayMs(delayMs, livedMs);
      waking = new AbortController();
      await pause(scheduler, delayMs, AbortSignal.any([closed.signal, waking.signal]));
    }
  }

  void keepConnected();
  return {
    call: (method, input) => client?.call(method, input) ?? Promise.resolve(fail('engineLost')),
    ownsEngine: () => own.isAlive(),
    wake: () => waking.abort(),
    stopOwnEngine: async (limitMs) => {
      closed.abort();
      if (!own.isAlive()) return;
      void client?.call('engine.stop', {});
      await Promise.race([own.ended(), pause(scheduler, limitMs)]);
      await own.end();
    },
    close: () => {
      closed.abort();
      client?.close();
    },
  };
}
