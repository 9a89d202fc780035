// One project of vitest.config.ts, and what came of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { readJson, root } from '../lib/repo.mjs';
import { bin, run } from '../lib/run.mjs';
import { say } from '../lib/say.mjs';
import { outcomeOf, sum } from './outcome.mjs';

/** More files than this did not fail by chance. */
const MOST_AGAIN = 3;

/**
 * With TANDEM_AGAIN=1, which the CI sets, the few files that failed run once more by themselves, and are
 * named: on a shared machine a test that waits for something real can meet a stall of seconds.
 * @param {string} project
 * @param {{ env?: Record<string, string>, timeoutMs: number, around?: string[], show?: 'all' | 'after' }} options
 *   `around` is a command that runs the rest of its arguments, such as a display of its own;
 *   `show` says whether its output comes while it runs or at its end
 */
export async function runVitest(project, options) {
  const first = await runOnce(project, [], options);
  const files = failedFiles(first.results);
  const isTriedAgain = process.env['TANDEM_AGAIN'] === '1' && files.length > 0 && files.length <= MOST_AGAIN;
  if (!isTriedAgain) return outcomeOf(first);
  say(`\n== ${project}, once more and alone: ${files.join(', ')}`);
  const second = await runOnce(project, files, options);
  const passed = files.filter((file) => !failedFiles(second.results).includes(file));
  for (const file of passed) say(`${project}: ${file} failed among the others and passed alone`);
  const others = first.results.filter(({ status }) => status !== 'failed');
  return sum([outcomeOf({ results: others, code: 0 }), outcomeOf(second)]);
}

async function runOnce(project, files, { env = {}, timeoutMs, around = [], show = 'all' }) {
  const plain = process.stdout.isTTY ? {} : { NO_COLOR: '1' };
  const folder = mkdtempSync(join(tmpdir(), 'tandem-test-'));
  const to = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${to}`];
  const vitest = [bin('vitest'), 'run', ...files, '--project', project, '--passWithNoTests', ...reporters];
  const [program, ...words] = [...around, ...vitest];
  try {
    const { code, stdout, stderr, timedOut } = await run(program, words, {
      env: { ...env, ...plain },
      timeoutMs,
      ...(show === 'all' ? { show } : {}),
      sweep: true,
    });
    if (show === 'after') say(`\n== ${project}\n${stdout}${stderr}`.trimEnd());
    if (timedOut) say(`${project}: ended after its limit of ${timeoutMs / 60_000} min`);
    return { results: readJson(to)?.testResults ?? [], code };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Relative to the repository, as Vitest takes them. */
const failedFiles = (results) =>
  results.filter(({ status }) => status === 'failed').map(({ name }) => relative(root, name));
