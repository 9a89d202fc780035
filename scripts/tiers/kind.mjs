// The tier with a real kind: brings up the rig, hands its facts to the tests, takes it down again.
import { existsSync } from 'node:fs';
import { inRoot } from '../lib/repo.mjs';
import { run } from '../lib/run.mjs';
import { say } from '../lib/say.mjs';
import { ensureRigTools } from '../setup/system-libraries.mjs';
import { failed, skipped } from './outcome.mjs';
import { runVitest } from './vitest.mjs';

/** Of up.sh, when this machine cannot do it; the sentence is its last line on standard error. */
const CANNOT = 3;
const UP_LIMIT_MS = 30 * 60_000;

export async function runKind(timeoutMs) {
  const up = inRoot('test/kind/rig/up.sh');
  if (!existsSync(up)) return skipped('There is no rig for kind in this checkout.');
  const lacking = await ensureRigTools();
  // The hand-off's tests need HAProxy: without it they fail, and say why.
  if (lacking !== null) say(lacking);
  try {
    const { code, stdout, stderr } = await run('bash', [up], { show: 'errors', timeoutMs: UP_LIMIT_MS });
    if (code === CANNOT) return skipped(lastLine(stderr));
    const facts = lastLine(stdout);
    if (code !== 0 || !facts.startsWith('{')) return failed;
    return await runVitest('kind', { env: { TANDEM_KIND_RIG: facts }, timeoutMs });
  } finally {
    await run('bash', [inRoot('test/kind/rig/down.sh')], { timeoutMs: 120_000 });
  }
}

const lastLine = (text) => text.trimEnd().split('\n').at(-1) ?? '';
