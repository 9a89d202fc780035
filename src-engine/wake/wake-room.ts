import type { Caller, Handlers } from '../../src-shared/commands/registry.ts';
import { ok } from '../../src-shared/errors/result.ts';
import { wakeLineIds, type Wake, type WakeLine, type WakeLineId } from '../../src-shared/world/wake.ts';
import { pause, type Clock, type Scheduler } from '../platform/clock.ts';
import { limitsMs, lookAt, standsOn, type WakeFacts } from './wake-line.ts';

export interface WakePorts {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  world(): WakeFacts['world'];
  /** Null: not to be told. None of them rejects. */
  skewMs(): Promise<number | null>;
  certificates(): Promise<WakeFacts['certificates']>;
  /** What may have changed in the sleep is looked at now, not in its own time. */
  refresh(): void;
  publish(wake: Wake): void;
  /** A bug: the list stays as it was. */
  failed(error: unknown): void;
  note(kind: string, what: string, evidence: Readonly<Record<string, unknown>>): void;
}

export interface WakeRoom {
  readonly handlers: Pick<Handlers<Caller>, 'wake.get'>;
  /** The system says so, often twice. */
  resumed(): void;
  dispose(): void;
}

const POLL_MS = 500;
/** Another word of the same wake, or one of a sleep of seconds: the look that runs sees it too. */
const SAME_MS = 5000;

/** After a sleep: everything that a Mac of the pair stands on, in order, each back or named. */
export function openWake(ports: WakePorts): WakeRoom {
  const over = new AbortController();
  let wake: Wake | null = null;
  let running: Promise<void> | null = null;
  let beganMs = -Infinity;
  const begin = (): Promise<void> => {
    const nowMs = ports.clock.monotonicMs();
    if (running !== null && nowMs - beganMs < SAME_MS) return running;
    beganMs = nowMs;
    const at = ports.clock.wall().toISOString();
    const mine = doctor(ports, over.signal, beganMs, (lines, state) => {
      // A newer wake has its own list.
      if (running !== mine && running !== null) return;
      wake = { at, state, lines: [...lines] };
      ports.publish(wake);
    })
      .catch(ports.failed)
      .finally(() => {
        if (running === mine) running = null;
      });
    running = mine;
    return mine;
  };
  return {
    handlers: {
      'wake.get': async ({ look }) => {
        if (look) await begin();
        return ok({ wake });
      },
    },
    resumed: () => void begin(),
    dispose: () => over.abort(),
  };
}

async function doctor(
  ports: WakePorts,
  signal: AbortSignal,
  beganMs: number,
  tell: (lines: readonly WakeLine[], state: Wake['state']) => void,
): Promise<void> {
  const { clock } = ports;
  const wokeMs = clock.wall().getTime();
  const lines: WakeLine[] = [];
  ports.refresh();
  for (const id of wakeLineIds) {
    const base = standsOn[id];
    const isBaseless = lines.some((line) => line.id === base && line.verdict === 'problem');
    const line = isBaseless
      ? { id, verdict: 'unknown' as const, problem: null, tookMs: Math.round(clock.monotonicMs() - beganMs) }
      : await follow(ports, signal, { id, wokeMs, beganMs }, (now) => tell([...lines, now], 'looking'));
    if (line !== null) lines.push(line);
    if (signal.aborted) return;
  }
  tell(lines, 'done');
  const wrong = lines.filter(({ verdict }) => verdict === 'problem');
  ports.note('wake.looked', wrong.length === 0 ? 'awake, and all is well' : 'awake, and not all is well', {
    lines: lines.map(({ id, verdict, problem, tookMs }) => [id, verdict, tookMs, problem?.code ?? null]),
  });
}

/** Looks at one line until it is well or its time is over; null when there is nothing to look at. */
async function follow(
  ports: WakePorts,
  signal: AbortSignal,
  { id, wokeMs, beganMs }: { readonly id: WakeLineId; readonly wokeMs: number; readonly beganMs: number },
  tell: (line: WakeLine) => void,
): Promise<WakeLine | null> {
  const { clock, scheduler } = ports;
  const firstMs = clock.monotonicMs();
  let looks = 0;
  for (;;) {
    const look = lookAt(id, await factsNow(ports, id, wokeMs));
    const nowMs = clock.monotonicMs();
    const tookMs = Math.round(nowMs - beganMs);
    looks += 1;
    switch (look.kind) {
      case 'none':
        return null;
      case 'unknown':
        return { id, verdict: 'unknown', problem: null, tookMs };
      case 'ok':
        return { id, verdict: looks === 1 ? 'ok' : 'recovered', problem: null, tookMs };
      case 'waits':
        if (signal.aborted || nowMs - firstMs >= limitsMs[id])
          return {
            id,
            verdict: 'problem',
            problem: { ...look.problem, params: { ...look.problem.params } },
            tookMs,
          };
        if (looks === 1) tell({ id, verdict: 'looking', problem: null, tookMs: null });
    }
    await pause(scheduler, POLL_MS, signal);
  }
}

/** Only what this line asks for is asked. */
async function factsNow(ports: WakePorts, id: WakeLineId, wokeMs: number): Promise<WakeFacts> {
  return {
    world: ports.world(),
    wokeMs,
    nowMs: ports.clock.wall().getTime(),
    skewMs: id === 'clock' ? await ports.skewMs() : null,
    certificates: id === 'certificates' ? await ports.certificates() : null,
  };
}
