// Hidden, with a cluster running: memory, CPU and wake-ups of the app and its engine, beside an empty tray app
// in the same minutes. `npm run bench -- idle [SECONDS]`, 300 by default.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDesktop } from '../../test/doubles/desktop.ts';
import { connectToEngine } from '../../src-engine/platform/engine-client.ts';
import { homeAt } from '../../src-engine/platform/home.ts';
import { launch } from './launch.ts';
import { familyOf, pssMegabytes, usageOf } from './processes.ts';
import { pause, report } from './report.ts';

const none = { pss: 0, cpu: 0, wakeUps: 0 };

const seconds = Number(process.argv[2] ?? 300);
const desktop = await startDesktop();
// One after the other: side by side they would share pages, and each would look smaller than it is.
const empty = await measured('peer');
const ours = await measured('tandem');
const both = ours.engine ?? none;
report('idle', 'shell PSS', ours.shell.pss, 'MB', empty.shell.pss);
report('idle', 'shell PSS, ratio to the empty tray app (goal 1.15)', ours.shell.pss / empty.shell.pss, 'x');
report('idle', 'engine PSS (goal 80)', both.pss, 'MB');
report('idle', 'CPU of shell and engine', ours.shell.cpu + both.cpu, '% of a core', empty.shell.cpu);
report(
  'idle',
  'CPU more than the empty tray app (goal 0.2)',
  ours.shell.cpu + both.cpu - empty.shell.cpu,
  '% of a core',
);
report('idle', 'of it the engine', both.cpu, '% of a core');
report('idle', 'wake-ups', ours.shell.wakeUps + both.wakeUps, '1/s', empty.shell.wakeUps);
desktop.stop();
process.exit(0);

interface Cost {
  readonly pss: number;
  readonly cpu: number;
  readonly wakeUps: number;
}

async function measured(which: 'tandem' | 'peer'): Promise<{ shell: Cost; engine: Cost | null }> {
  const app = await launch(which, desktop, 'host');
  if (which === 'tandem') await withCluster(app.home, { provider: 'embedded', name: 'tandem' });
  // Start-up work ends first.
  await pause(20_000);
  const engine = which === 'tandem' ? [enginePid(app.home)] : [];
  const notShell = new Set(engine.flatMap(familyOf));
  const shell = familyOf(app.pid).filter((pid) => !notShell.has(pid));
  const costs = await costOf([shell, engine]);
  if (which === 'tandem') await withCluster(app.home, null);
  await app.close();
  return { shell: costs[0] ?? none, engine: engine.length === 0 ? null : (costs[1] ?? none) };
}

async function costOf(groups: readonly (readonly number[])[]): Promise<Cost[]> {
  const before = groups.map(usageOf);
  await pause(seconds * 1000);
  return groups.map((pids, index) => {
    const [now, then] = [usageOf(pids), before[index] ?? { cpuNanoseconds: 0, wakeUps: 0 }];
    const cpu = (now.cpuNanoseconds - then.cpuNanoseconds) / 1e7 / seconds;
    return { pss: pssMegabytes(pids), cpu, wakeUps: (now.wakeUps - then.wakeUps) / seconds };
  });
}

/** Makes the cluster, or with null deletes it. */
async function withCluster(
  home: string,
  input: { provider: 'embedded'; name: string } | null,
): Promise<void> {
  const client = await connected(home);
  const done = await (input === null
    ? client.call('cluster.delete', { name: 'tandem', yes: true })
    : client.call('cluster.create', input));
  if (!done.ok) throw new Error(done.error.code);
  client.close();
}

function enginePid(home: string): number {
  return (JSON.parse(readFileSync(join(home, 'run/engine.json'), 'utf8')) as { pid: number }).pid;
}

async function connected(home: string) {
  for (let waited = 0; waited < 20_000; waited += 100) {
    const client = await connectToEngine(homeAt(home));
    if (client.ok) return client.value;
    await pause(100);
  }
  throw new Error('the engine did not answer within 20 s');
}
