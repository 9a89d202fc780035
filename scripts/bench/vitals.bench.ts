// Cost of a reading of all sensors: an engine that reads files each second, beside a program that asks
// systeminformation for the same things at the same pace. `npm run bench -- vitals [SECONDS]`, 60 by default.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeVitalsRoot } from '../../test/doubles/vitals-root.ts';
import { usageOf } from './processes.ts';
import { pause, report } from './report.ts';

const seconds = Number(process.argv[2] ?? 60);
const home = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
const vitals = makeVitalsRoot();
const env = { ...process.env, HOME: home, TANDEM_HOME: home, VITALS_ROOT: vitals.path };
const peerProgram = `const si=require('systeminformation');setInterval(()=>{si.mem();si.battery();si.cpuTemperature();si.currentLoad();},1000)`;
const engine = spawn(process.execPath, ['out/engine/main.js'], { env, stdio: 'ignore' });
const peer = spawn(process.execPath, ['-e', peerProgram], { stdio: 'ignore' });
await pause(5000);
const before = [usageOf([engine.pid ?? 0]), usageOf([peer.pid ?? 0])];
await pause(seconds * 1000);
const perSample = (pid: number | undefined, index: number): number =>
  (usageOf([pid ?? 0]).cpuNanoseconds - (before[index]?.cpuNanoseconds ?? 0)) / 1e6 / seconds;
report('vitals', 'CPU per reading of all sensors', perSample(engine.pid, 0), 'ms', perSample(peer.pid, 1));
engine.kill('SIGTERM');
peer.kill('SIGTERM');
await pause(1000);
vitals.remove();
rmSync(home, { recursive: true, force: true });
process.exit(0);
