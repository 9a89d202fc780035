// A local cluster through the app beside the bare tools, on a real kind, in turns: create and stop until the command's
// exit; from a start until a Service answers by name from a pod, asked from outside; from the moment that the proofs of
// life hold until we say "running"; and what watching a quiet cluster costs.
// `npm run bench -- cluster [ROUNDS [NODES [QUIET_MINUTES]]]`, by default 3, 3 and 5. It brings up test/kind/rig.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Start } from './cluster-round.ts';
import { leftOut, medianOf, report } from './report.ts';

const run = promisify(execFile);
/** Of up.sh: this machine cannot do it. */
const CANNOT = 3;

const [rounds = 3, nodes = 3, quietMinutes = 5] = process.argv.slice(2).map(Number);
const facts = await rigFacts();
if (facts === null) leftOut('cluster', 'everything', 'this machine cannot run a real kind');
else {
  process.env['TANDEM_KIND_RIG'] = facts;
  const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
  try {
    if (rounds > 0) await measure(folder);
    if (quietMinutes > 0)
      await (await import('./cluster-quiet.ts')).measureQuiet(folder, nodes, quietMinutes);
  } finally {
    await run('bash', ['test/kind/rig/down.sh']);
    rmSync(folder, { recursive: true, force: true });
  }
}
process.exit(0);

async function rigFacts(): Promise<string | null> {
  try {
    const { stdout } = await run('bash', ['test/kind/rig/up.sh'], { maxBuffer: 64 * 1024 * 1024 });
    return stdout.trim().split('\n').at(-1) ?? '';
  } catch (error) {
    if ((error as { code?: unknown }).code === CANNOT) return null;
    throw error;
  }
}

async function measure(folder: string): Promise<void> {
  const { openKindLab } = await import('../../test/kind/kind-lab.ts');
  const { BARE, OURS, createBare, createOurs, roundBare, roundOurs, tandem } =
    await import('./cluster-round.ts');
  const [createMs, bareCreateMs] = [[] as number[], [] as number[]];
  const [ours, bare] = [[] as Round[], [] as Round[]];
  const lab = await openKindLab(OURS, BARE);
  try {
    for (let round = 0; round < rounds; round += 1) {
      bareCreateMs.push(await createBare(folder, nodes));
      createMs.push(await createOurs(lab, nodes));
      await lab.hello(OURS);
      ours.push(await roundOurs(lab, nodes));
      bare.push(await roundBare(lab, nodes));
      const told = { createMs, bareCreateMs, ours, bare };
      process.stderr.write(`cluster, after ${round + 1}: ${JSON.stringify(told)}\n`);
      await tandem(lab, 'cluster', 'delete', OURS, '--yes');
    }
  } finally {
    await lab.close();
  }
  const say = (metric: string, values: number[], peers?: number[]): void =>
    report('cluster', metric, medianOf(values), 'ms', peers === undefined ? undefined : medianOf(peers));
  say('create until exit (goal: 1.03 times)', createMs, bareCreateMs);
  say('stop until exit (goal: 1.03 times)', stops(ours), stops(bare));
  say('from start until a Service answers by name (goal: 0.6 times)', working(ours), working(bare));
  say(
    'from three proofs of life to "running" (goal: 1000)',
    ours.map(({ start }) => start.saidMs - start.provenMs),
  );
  say(
    'from a Service answering by name to "running"',
    ours.map(({ start }) => start.saidMs - start.workingMs),
  );
}

interface Round {
  readonly stopMs: number;
  readonly start: Start;
}
// Functions, since they are called before these lines are reached.
function stops(of: readonly Round[]): number[] {
  return of.map(({ stopMs }) => stopMs);
}
function working(of: readonly Round[]): number[] {
  return of.map(({ start }) => start.workingMs);
}
