import { release } from 'node:os';
import { writePrivately } from '../platform/files.ts';
import type { Platform } from '../platform/platform.ts';
import { scrub } from './scrub.ts';

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

/** Writes what every tool and sensor said to one file, without serials and secrets. Returns its path. */
export async function recordDiagnostics(
  platform: Platform,
  file: string,
  vitals: readonly RawReading[],
  checks: unknown,
): Promise<string> {
  const tools = await Promise.all(toolCalls.map((call) => callTool(platform, call)));
  const bundle = {
    version: 1,
    at: platform.clock.wall().toISOString(),
    os: { platform: platform.os, release: release(), arch: process.arch, node: process.versions.node },
    checks,
    vitals,
    tools,
  };
  await writePrivately(file, `${scrub(JSON.stringify(bundle, null, 2), platform.env)}\n`);
  return file;
}

async function callTool(platform: Platform, [tool, args]: (typeof toolCalls)[number]): Promise<unknown> {
  const path = await platform.tools.find(tool);
  if (path === null) return { tool, args, missing: true };
  const { exitCode, stdout, stderr, failure } = await platform.tools.run(path, args, { timeoutMs: LIMIT_MS });
  return { tool, args, exitCode, stdout, stderr, failure };
}
