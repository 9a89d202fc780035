// A day of records against a year of them: start of the engine, its memory, and a question about the last hour.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectToEngine } from '../../src-engine/platform/engine-client.ts';
import { homeAt } from '../../src-engine/platform/home.ts';
import { makeVitalsRoot } from '../../test/doubles/vitals-root.ts';
import { pssMegabytes } from './processes.ts';
import { medianOf, pause, report } from './report.ts';

const PER_DAY = 500;
const vitals = makeVitalsRoot();
const year = prepared(365);
const day = prepared(1);
// In turn, so that a slow minute of the machine falls on both.
for (let turn = 0; turn < 5; turn += 1) for (const home of [day, year]) await measure(home);
report(
  'history',
  'engine start to first answer with a year of records',
  medianOf(year.startsMs),
  'ms',
  medianOf(day.startsMs),
);
report('history', 'engine PSS with a year of records', medianOf(year.pss), 'MB', medianOf(day.pss));
report(
  'history',
  'PSS, ratio of a year to a day (goal within 1.1)',
  medianOf(year.pss) / medianOf(day.pss),
  'x',
);
report('history', 'the last hour, asked', medianOf(year.asksMs), 'ms', medianOf(day.asksMs));
for (const { home } of [day, year]) rmSync(home, { recursive: true, force: true });
vitals.remove();
process.exit(0);

interface Measured {
  readonly home: string;
  readonly startsMs: number[];
  readonly asksMs: number[];
  readonly pss: number[];
}

function prepared(days: number): Measured {
  const home = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
  write(home, days);
  return { home, startsMs: [], asksMs: [], pss: [] };
}

async function measure({ home, startsMs, asksMs, pss }: Measured): Promise<void> {
  const env = { ...process.env, TANDEM_HOME: home, VITALS_ROOT: vitals.path };
  const startedMs = performance.now();
  const engine = spawn(process.execPath, ['out/engine/main.js'], { env, stdio: 'ignore' });
  const client = await answering(home);
  startsMs.push(performance.now() - startedMs);
  const askedMs = performance.now();
  await client.call('history.list', { since: '1h' });
  asksMs.push(performance.now() - askedMs);
  await pause(3000);
  pss.push(pssMegabytes([engine.pid ?? 0]));
  const gone = new Promise((resolve) => engine.once('exit', resolve));
  engine.kill('SIGTERM');
  await gone;
}

/** As the engine would have written it; rotated files would stand beside it, so one file is the harder case. */
function write(home: string, days: number): void {
  const now = Date.now();
  for (let dayBack = days; dayBack > 0; dayBack -= 1) {
    const lines = Array.from({ length: PER_DAY }, (_none, index) => {
      const at = new Date(now - dayBack * 86_400_000 + index * (86_400_000 / PER_DAY)).toISOString();
      return JSON.stringify({
        id: `${dayBack}-${index}`,
        at,
        kind: 'cluster.start',
        what: 'start of lab: done, now running',
        why: null,
        evidence: { elapsedMs: index, steps: [['startNodes', 200]] },
      });
    });
    appendFileSync(join(home, 'history.jsonl'), `${lines.join('\n')}\n`, { mode: 0o600 });
  }
}

async function answering(home: string) {
  for (let waited = 0; waited < 20_000; waited += 10) {
    const client = await connectToEngine(homeAt(home));
    if (client.ok) return client.value;
    await pause(10);
  }
  throw new Error('the engine did not answer within 20 s');
}
