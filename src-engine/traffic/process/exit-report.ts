import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorCode } from '../../../src-shared/errors/codes.ts';
import { problemSchema, type Problem } from '../../../src-shared/world/traffic.ts';
import { removeFile } from '../../platform/files.ts';
import type { Home } from '../../platform/home.ts';
import type { ProcessEnd, ProcessName } from './process-ports.ts';

/** `run/NAME-exit.json`: the last word of a program of ours that could not begin. An exit code carries no port. */
function exitReportFile(home: Home, name: ProcessName): string {
  return join(home.run, `${name}-exit.json`);
}

/** By the process itself, right before it ends. */
export function leaveExitReport(home: Home, name: ProcessName, problem: Problem): void {
  try {
    writeFileSync(exitReportFile(home, name), JSON.stringify(problem), { mode: 0o600 });
  } catch {
    // A full disk: the engine then names the exit code.
  }
}

/** Before each start, so that a report is never of an earlier life. */
export async function clearExitReport(home: Home, name: ProcessName): Promise<void> {
  await removeFile(exitReportFile(home, name));
}

/** Why a program of ours ended: by its own report, or else `code` with what is known (`detail`). */
export async function explainOwn(
  home: Home,
  name: ProcessName,
  code: ErrorCode,
  end: ProcessEnd,
): Promise<Problem> {
  const report = await readReport(home, name);
  return report ?? { code, params: { detail: detailOf(end) } };
}

async function readReport(home: Home, name: ProcessName): Promise<Problem | null> {
  try {
    return problemSchema.parse(JSON.parse(await readFile(exitReportFile(home, name), 'utf8')));
  } catch {
    return null;
  }
}

/** One line: the signal or the exit code, and the last that it wrote. */
export function detailOf({ code, signal, output }: ProcessEnd): string {
  const how = signal ?? (code === null ? null : `exit ${code}`);
  const last = output.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  return [how, last].filter((part) => part !== null && part !== '').join(': ') || 'it did not answer';
}

/** A failed `listen`, as the problem of who listens: taken is named, anything else is `down` with its cause. */
export function listenProblem(
  error: unknown,
  { host, port }: { readonly host: string; readonly port: number },
  codes: { readonly taken: ErrorCode; readonly down: ErrorCode },
): Problem {
  const cause = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (cause === 'EADDRINUSE') return { code: codes.taken, params: { address: host, port } };
  return { code: codes.down, params: { detail: `${host}:${port}: ${cause}` } };
}
