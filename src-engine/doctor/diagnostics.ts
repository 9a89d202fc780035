import { release } from 'node:os';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { isDiskFull, writeWhole } from '../platform/files.ts';
import type { Platform } from '../platform/platform.ts';
import { scrubAll } from './scrub.ts';

/** Raw output of one tool or file, as the sensors' readers saw it. */
export interface RawReading {
  readonly source: string;
  readonly output: string | null;
}

const LIMIT_MS = 5000;
const toolCalls: readonly (readonly [string, readonly string[]])[] = [
  ['kind', ['version']],
  ['kind', ['get', 'clusters']],
  ['docker', ['version', '--format', '{{json .}}']],
  ['docker', ['info', '--format', '{{json .}}']],
  ['minikube', ['version', '-o', 'json']],
  ['minikube', ['profile', 'list', '-o', 'json', '-l']],
];

/**
 * Writes what every tool and sensor said to one file, without serials and secrets: 0600, in a folder that must
 * exist and stays as it is. Returns its path.
 */
export async function recordDiagnostics(
  platform: Platform,
  file: string,
  vitals: readonly RawReading[],
  checks: unknown,
): Promise<Result<string>> {
  const tools = await Promise.all(toolCalls.map((call) => callTool(platform, call)));
  const bundle = {
    version: 1,
    at: platform.clock.wall().toISOString(),
    os: { platform: platform.os, release: release(), arch: process.arch, node: process.versions.node },
    checks,
    vitals,
    tools,
  };
  try {
    await writeWhole(file, `${JSON.stringify(scrubAll(bundle, platform.env), null, 2)}\n`);
    return ok(file);
  } catch (error) {
    if (isDiskFull(error)) return fail('diskFull', { path: file });
    // A folder that is not there or not ours is the caller's mistake; the system's words name it.
    return fail('badArguments', { detail: error instanceof Error ? error.message : String(error) });
  }
}

async function callTool(platform: Platform, [tool, args]: (typeof toolCalls)[number]): Promise<unknown> {
  const path = await platform.tools.find(tool);
  if (path === null) return { tool, args, missing: true };
  const { exitCode, stdout, stderr, failure } = await platform.tools.run(path, args, {
    timeoutMs: LIMIT_MS,
    graceMs: 0,
  });
  return { tool, args, exitCode, stdout, stderr, failure };
}
