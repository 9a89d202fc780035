import type { Clock, Disposable, Scheduler } from '../platform/clock.ts';
import { judged, nextProbeMs, noVerdict, type GateLook, type NotReady } from './edge-verdict.ts';

export interface EdgeWatchPorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** One probe of the gate, bounded by itself; null: there is nothing that could be asked. */
  probe(pace: ProbePace): Promise<GateLook | null>;
}

/**
 * `calm`: over a connection that is kept, since a handshake each second costs more than all else of an idle pair.
 * `doubted`: the last probe was not answered; a fresh connection, with all the time that limits.md gives an answer.
 * `hurried`: from the link's `suspect` on; two must have failed when the link decides, so each gives up early.
 */
export type ProbePace = 'calm' | 'doubted' | 'hurried';

/** `notReady`: of a gate that is not alive, its own word; null when it is silent. */
export type EdgeListener = (alive: boolean, notReady: NotReady) => void;

/** Looks at the edge's gate for as long as somebody wants to know. */
export interface EdgeWatch {
  /** Called with each change of verdict or word from now on, and soon with what stands already. */
  watch(onChange: EdgeListener): Disposable;
  hurry(on: boolean): void;
  /** Another gate: what was known of the old one is forgotten. */
  forget(): void;
  dispose(): void;
}

interface Watch {
  readonly ports: EdgeWatchPorts;
  readonly listeners: Set<EdgeListener>;
  verdict: typeof noVerdict;
  hurried: boolean;
  /** Counts up with every gate: a probe of the one before has nothing to say. */
  gate: number;
  beganMs: number;
  probing: boolean;
  timer: Disposable | null;
}

export function createEdgeWatch(ports: EdgeWatchPorts): EdgeWatch {
  const watch: Watch = {
    ports,
    listeners: new Set(),
    verdict: noVerdict,
    hurried: false,
    gate: 0,
    beganMs: 0,
    probing: false,
    timer: null,
  };
  return {
    watch(onChange) {
      // The same function given twice is two watchers.
      const listener: EdgeListener = (alive, notReady) => onChange(alive, notReady);
      watch.listeners.add(listener);
      if (watch.verdict.alive !== null) tellLater(watch, listener);
      plan(watch);
      return { dispose: () => leave(watch, listener) };
    },
    hurry(on) {
      watch.hurried = on;
      plan(watch);
    },
    forget() {
      watch.gate += 1;
      watch.verdict = noVerdict;
      plan(watch);
    },
    dispose() {
      watch.listeners.clear();
      stop(watch);
    },
  };
}

function tellLater(watch: Watch, listener: EdgeListener): void {
  const stands = toldOf(watch);
  watch.ports.scheduler.after(0, () => {
    const now = toldOf(watch);
    const isSame = now.alive === stands.alive && now.notReady === stands.notReady;
    if (now.alive !== null && isSame && watch.listeners.has(listener)) listener(now.alive, now.notReady);
  });
}

/** Of a gate that is alive its word is of one probe, and no news. */
function toldOf({ verdict: { alive, notReady } }: Watch): Pick<typeof noVerdict, 'alive' | 'notReady'> {
  return { alive, notReady: alive === false ? notReady : null };
}

function leave(watch: Watch, listener: EdgeListener): void {
  watch.listeners.delete(listener);
  if (watch.listeners.size > 0) return;
  stop(watch);
  // Who comes next must not be told what nobody has looked at since.
  watch.verdict = noVerdict;
}

function stop(watch: Watch): void {
  watch.timer?.dispose();
  watch.timer = null;
}

/** The next probe, counted from the begin of the last: one that took longer than its period is followed at once. */
function plan(watch: Watch): void {
  stop(watch);
  if (watch.listeners.size === 0 || watch.probing) return;
  const { clock, scheduler } = watch.ports;
  const isFirst = watch.verdict === noVerdict;
  const sinceMs = clock.monotonicMs() - watch.beganMs;
  const delayMs = isFirst ? 0 : Math.max(0, nextProbeMs(watch.verdict, watch.hurried) - sinceMs);
  watch.timer = scheduler.after(delayMs, () => void probe(watch));
}

async function probe(watch: Watch): Promise<void> {
  watch.timer = null;
  watch.probing = true;
  watch.beganMs = watch.ports.clock.monotonicMs();
  const { gate } = watch;
  const look = await watch.ports.probe(paceOf(watch)).catch(() => null);
  watch.probing = false;
  if (gate === watch.gate && watch.listeners.size > 0) take(watch, look);
  plan(watch);
}

function paceOf({ verdict, hurried }: Watch): ProbePace {
  if (hurried) return 'hurried';
  return verdict.silent > 0 ? 'doubted' : 'calm';
}

function take(watch: Watch, look: GateLook | null): void {
  const before = toldOf(watch);
  watch.verdict = judged(watch.verdict, look);
  const { alive, notReady } = toldOf(watch);
  if (alive === null || (alive === before.alive && notReady === before.notReady)) return;
  for (const listener of watch.listeners) listener(alive, notReady);
}
