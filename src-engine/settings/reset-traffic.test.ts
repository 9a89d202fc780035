import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { writePrivately } from '../platform/files.ts';
import { homeAt } from '../platform/home.ts';
import { refOf, type ProcessRef } from '../platform/processes.ts';
import { endTraffic } from './reset-traffic.ts';

// Each starts several processes.
vi.setConfig({ testTimeout: 60_000 });

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const READY = `console.log('ready'); setInterval(() => {}, 1000);`;

/** A process that has said that it runs. */
async function run(script: string): Promise<{ child: ChildProcess; ref: ProcessRef }> {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await once(child.stdout, 'data');
  const ref = await refOf(child.pid ?? 0);
  if (ref === null) throw new Error('it does not run');
  return { child, ref };
}

test('ends the front with those it took over from, and the gate, which does not want to', async () => {
  const home = homeAt(temporaryFolder('reset-traffic'));
  const front = await run(READY);
  const old = await run(READY);
  const gate = await run(`process.on('SIGTERM', () => {}); ${READY}`);
  await writePrivately(`${home.run}/front.json`, JSON.stringify({ ...front.ref, before: [old.ref] }));
  await writePrivately(`${home.run}/gate.json`, JSON.stringify({ ...gate.ref, kind: 'gate' }));
  expect(await endTraffic(home)).toEqual(['front', 'gate']);
  // Node hears of the end of a child a moment after the system does.
  const how = () => [front, old, gate].map(({ child }) => child.signalCode);
  await expect.poll(how).toEqual(['SIGTERM', 'SIGTERM', 'SIGKILL']);
});

test('another process with a pid of ours, a damaged record or none at all: nobody is ended', async () => {
  const home = homeAt(temporaryFolder('reset-traffic'));
  const stranger = await run(READY);
  await writePrivately(`${home.run}/front.json`, JSON.stringify({ ...stranger.ref, startedAt: 'long ago' }));
  await writePrivately(`${home.run}/gate.json`, `{"pid": ${stranger.ref.pid}`);
  expect(await endTraffic(home)).toEqual([]);
  expect(stranger.child.signalCode).toBeNull();
  expect(stranger.child.exitCode).toBeNull();
});
