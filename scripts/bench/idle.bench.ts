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

const seconds = Number(process.argv[2] ?? 300);
const desktop = await startDesktop();
const tandem = await launch('tandem', desktop, 'host');
const peer = await launch('peer', desktop);
const client = await connected(tandem.home);
const created = await client.call('cluster.create', { provider: 'embedded', name: 'tandem' });
if (!created.ok) throw new Error(`no cluster: ${created.error.code}`);
client.close();
// Start-up work ends first.
await pause(20_000);
const engine = [
  (JSON.parse(readFileSync(join(tandem.home, 'run/engine.json'), 'utf8')) as { pid: number }).pid,
];
const shell = familyOf(tandem.pid).filter((pid) => !familyOf(engine[0] ?? 0).includes(pid));
const empty = familyOf(peer.pid);
const groups = { shell, engine, empty };
const before = Object.fromEntries(Object.entries(groups).map(([name, pids]) => [name, usageOf(pids)]));
await pause(seconds * 1000);
const cpu = (name: keyof typeof groups): number =>
  (usageOf(groups[name]).cpuNanoseconds - (before[name]?.cpuNanoseconds ?? 0)) / 1e7 / seconds;
const wakeUps = (name: keyof typeof groups): number =>
  (usageOf(groups[name]).wakeUps - (before[name]?.wakeUps ?? 0)) / seconds;
const emptyPss = pssMegabytes(empty);
report('idle', 'shell PSS', pssMegabytes(shell), 'MB', emptyPss);
report('idle', 'shell PSS, ratio to the empty tray app (goal 1.15)', pssMegabytes(shell) / emptyPss, 'x');
report('idle', 'engine PSS (goal 80)', pssMegabytes(engine), 'MB');
report('idle', 'CPU of shell and engine', cpu('shell') + cpu('engine'), '% of a core', cpu('empty'));
report(
  'idle',
  'CPU more than the empty tray app (goal 0.2)',
  cpu('shell') + cpu('engine') - cpu('empty'),
  '% of a core',
);
report('idle', 'wake-ups', wakeUps('shell') + wakeUps('engine'), '1/s', wakeUps('empty'));
const stop = await connected(tandem.home);
await stop.call('cluster.delete', { name: 'tandem', yes: true });
stop.close();
await tandem.close();
await peer.close();
desktop.stop();
process.exit(0);

async function connected(home: string) {
  for (let waited = 0; waited < 20_000; waited += 100) {
    const client = await connectToEngine(homeAt(home));
    if (client.ok) return client.value;
    await pause(100);
  }
  throw new Error('the engine did not answer within 20 s');
}
