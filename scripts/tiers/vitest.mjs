// One project of vitest.config.ts, and what came of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJson } from '../lib/repo.mjs';
import { bin, run } from '../lib/run.mjs';
import { say } from '../lib/say.mjs';

/**
 * @param {string} project
 * @param {{ env?: Record<string, string>, timeoutMs: number, around?: string[], show?: 'all' | 'after' }} options
 *   `around` is a command that runs the rest of its arguments, such as a display of its own;
 *   `show` says whether its output comes while it runs or at its end
 */
export async function runVitest(project, { env = {}, timeoutMs, around = [], show = 'all' }) {
  const plain = process.stdout.isTTY ? {} : { NO_COLOR: '1' };
  const folder = mkdtempSync(join(tmpdir(), 'tandem-test-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const command = [...around, bin('vitest'), 'run', '--project', project, '--passWithNoTests', ...reporters];
  try {
    const { code, stdout, stderr, timedOut } = await run(command[0], command.slice(1), {
      env: { ...env, ...plain },
      timeoutMs,
      ...(show === 'all' ? { show } : {}),
      sweep: true,
    });
    if (show === 'after') say(`\n== ${project}\n${stdout}${stderr}`.trimEnd());
    if (timedOut) say(`${project}: ended after its limit of ${timeoutMs / 60_000} min`);
    return outcomeOf(readJson(report), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that cannot be loaded has no tests that fail: it counts as one. So does a run that ends badly without a report. */
function outcomeOf(report, code) {
  const files = report?.testResults ?? [];
  const broken = files.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  );
  const failed = (report?.numFailedTests ?? 0) + broken.length;
  return {
    passed: report?.numPassedTests ?? 0,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  };
}
