import { request } from 'node:https';
import { systemTools, type Tools } from '../../platform/tools.ts';
import type { Look, PortOutcome } from './looks.ts';
import { outcomeOfErrno } from './tcp-probe.ts';

/** One echo request by the system's tool. Null: there is no such tool here. Never rejects. */
export type PingProbe = (
  host: string,
  timeoutMs: number,
  signal: AbortSignal,
) => Promise<Look<'ok' | 'timeout'> | null>;

/** GET of `https://HOST:PORT/readyz`; the certificate is not checked, the answer is evidence only. */
export type ReadyProbe = (
  hostAndPort: string,
  timeoutMs: number,
  signal: AbortSignal,
) => Promise<Look<PortOutcome>>;

/**
 * The system's `ping`: a child, since it is exempt from what this program may be denied (macOS'
 * Local Network permission). Looked up once.
 */
export function pingByTool(tools: Tools = systemTools, platform: string = process.platform): PingProbe {
  let found: Promise<string | null> | null = null;
  return async (host, timeoutMs, signal) => {
    found ??= tools.find(platform === 'darwin' ? '/sbin/ping' : 'ping');
    const tool = await found;
    if (tool === null) return null;
    const startedMs = performance.now();
    const limitSeconds = String(Math.max(1, Math.ceil(timeoutMs / 1000)));
    // `-t` is the limit of the whole on macOS, and a TTL on Linux, where `-W` is.
    const limit = platform === 'darwin' ? ['-t', limitSeconds] : ['-W', limitSeconds];
    const said = await tools.run(tool, ['-n', '-c', '1', ...limit, host], { timeoutMs, graceMs: 0, signal });
    if (said.failure === 'missing' || said.failure === 'cancelled') return null;
    const waitedMs = performance.now() - startedMs;
    if (said.exitCode === 0) return { outcome: 'ok', ms: roundTripMs(said.stdout) ?? waitedMs, detail: null };
    // 1 (Linux) and 2 (macOS) are "no answer"; anything else is a tool that may not run.
    const silent = said.failure !== null || said.exitCode === (platform === 'darwin' ? 2 : 1);
    return silent ? { outcome: 'timeout', ms: waitedMs, detail: null } : null;
  };
}

/** `time=0.123 ms` of an echo reply; the same words on macOS and Linux. */
export function roundTripMs(text: string): number | null {
  const said = /\btime[=<]([\d.]+) ?ms\b/.exec(text)?.[1];
  return said === undefined ? null : Number(said);
}

export const readyByHttps: ReadyProbe = (hostAndPort, timeoutMs, signal) =>
  new Promise((resolve) => {
    const startedMs = performance.now();
    const target = URL.canParse(`https://${hostAndPort}`) ? new URL(`https://${hostAndPort}`) : null;
    if (target === null) return resolve({ outcome: 'error', ms: 0, detail: null });
    const end = (outcome: PortOutcome, detail: string | null): void => {
      clearTimeout(limit);
      signal.removeEventListener('abort', cancel);
      asked.destroy();
      resolve({ outcome, ms: performance.now() - startedMs, detail });
    };
    const cancel = (): void => end('timeout', null);
    const limit = setTimeout(cancel, timeoutMs);
    const { hostname, port } = target;
    const asked = request(
      // Nothing is sent but the path, and nothing is believed: no secret is at stake.
      { hostname, port, path: '/readyz', rejectUnauthorized: false, agent: false },
      (answer) => {
        const status = answer.statusCode ?? 0;
        // 401 and 403: it answers, and asks who we are.
        const ready = status < 400 || status === 401 || status === 403;
        end(ready ? 'ok' : 'error', `HTTP ${String(status)}`);
      },
    );
    asked.on('error', (error: NodeJS.ErrnoException) => {
      const outcome = outcomeOfErrno(error.code);
      end(outcome, outcome === 'refused' ? null : (error.code ?? null));
    });
    signal.addEventListener('abort', cancel);
    if (signal.aborted) return cancel();
    asked.end();
  });
