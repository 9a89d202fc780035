import { spawn, type ChildProcess } from 'node:child_process';
import { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { commands, type Method } from '../src-shared/commands/registry.ts';
import { ok, type Result } from '../src-shared/errors/result.ts';
import { clientOver, connectToEngine, type EngineClient } from '../src-engine/platform/engine-client.ts';
import { homeFromEnvironment } from '../src-engine/platform/home.ts';

/** The engine's program stands beside ours in every build. */
export const engineProgram = fileURLToPath(new URL('../engine/main.js', import.meta.url));

/** What removes, ends or replaces the engine of this home: that engine would be gone before it could answer. */
const BESIDE_ENGINE: ReadonlySet<Method> = new Set<Method>([
  'reset.run',
  'service.install',
  'service.remove',
]);

/**
 * The engine of this home; for verbs that work without one, and those that it would not outlive, a one-shot of the same
 * program.
 */
export async function reachEngine(
  method: Method,
  program: string = engineProgram,
): Promise<Result<EngineClient>> {
  if (BESIDE_ENGINE.has(method)) return ok(oneShot(program));
  const connected = await connectToEngine(homeFromEnvironment());
  if (connected.ok) return connected;
  return isOffline(method) ? ok(oneShot(program)) : connected;
}

function isOffline(method: Method): boolean {
  const { cli } = commands[method] as { cli?: { offline?: true } };
  return cli?.offline === true;
}

function oneShot(program: string): EngineClient {
  const child = spawn(process.execPath, [program, '--one-shot'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return clientOver(Duplex.from({ readable: child.stdout, writable: child.stdin }));
}

/** Starts an engine that ends with this process. */
export function startEngine(): ChildProcess {
  return spawn(process.execPath, [engineProgram, `--parent=${process.pid}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Waits until an engine answers; null when none does within `limitMs`. */
export async function awaitEngine(limitMs: number): Promise<EngineClient | null> {
  const home = homeFromEnvironment();
  const end = performance.now() + limitMs;
  while (performance.now() < end) {
    const connected = await connectToEngine(home);
    if (connected.ok) return connected.value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return null;
}
