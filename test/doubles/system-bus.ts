import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sightings } from './sightings.ts';

/** What the double saw: a lock that delays sleep or shutdown, taken or let go. */
export interface SystemBusEvent {
  readonly event: 'up' | 'held' | 'released';
  /** `sleep`, `shutdown`, … */
  readonly what?: string;
  readonly who?: string;
  readonly mode?: string;
}

/** A machine's power, lid and session (login1 and UPower), on a system bus of its own. */
export interface SystemBus {
  /** For the app's environment. */
  readonly env: Readonly<Record<'DBUS_SYSTEM_BUS_ADDRESS', string>>;
  readonly events: readonly SystemBusEvent[];
  /** The first event that fits, past or to come. */
  see(fits: (event: SystemBusEvent) => boolean, withinMs?: number): Promise<SystemBusEvent>;
  suspend(): void;
  resume(): void;
  /** Says that the machine is about to shut down. */
  shutdown(): void;
  lock(): void;
  unlock(): void;
  lid(closed: boolean): void;
  power(state: { percent: number; onBattery: boolean; minutesLeft?: number }): void;
  /** Call it after the app has ended: Chromium aborts when its bus goes first. */
  stop(): Promise<void>;
}

const HELPER = fileURLToPath(new URL('system_bus.py', import.meta.url));
/** Debian's own, which has python3-dbus; another Python on the PATH may not. */
const PYTHON = '/usr/bin/python3';
const START_MS = 10_000;

export async function startSystemBus(): Promise<SystemBus> {
  const daemon = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const env = { DBUS_SYSTEM_BUS_ADDRESS: await firstLine(daemon) };
  const helper = spawn(PYTHON, [HELPER], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const heard = sightings<SystemBusEvent>('event of the system bus');
  createInterface(helper.stdout).on('line', (line) => heard.add(JSON.parse(line) as SystemBusEvent));
  const command = (value: object): void => void helper.stdin.write(`${JSON.stringify(value)}\n`);
  await heard.see(({ event }) => event === 'up', START_MS);
  return {
    env,
    events: heard.all,
    see: (fits, withinMs = 10_000) => heard.see(fits, withinMs),
    suspend: () => command({ do: 'sleep', start: true }),
    resume: () => command({ do: 'sleep', start: false }),
    shutdown: () => command({ do: 'shutdown', start: true }),
    lock: () => command({ do: 'lock' }),
    unlock: () => command({ do: 'unlock' }),
    lid: (closed) => command({ do: 'lid', closed }),
    power: (state) => command({ do: 'power', ...state }),
    async stop() {
      await Promise.all([end(helper), end(daemon)]);
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('no output to read');
  const failed = once(child, 'error').then(([error]) => Promise.reject(error as Error));
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), failed])) as [string];
  return line;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill();
  await gone;
}
