import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectToEngine, type EngineClient } from '../../src-engine/platform/engine-client.ts';
import { homeAt } from '../../src-engine/platform/home.ts';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { createLab, labJournal, nodeProcesses, slowRequest } from './embedded-lab.ts';
import { eventually, openRig, type Rig } from './tandem.ts';

// The journal is what a crash leaves of a running verb: one that is refused meanwhile must not take it away.
let rig: Rig;
beforeEach(async () => {
  rig = openRig();
  await rig.startEngine();
});
afterEach(() => rig.close());

test('verbs that are refused while a stop runs leave its journal: kill -9, and the stop is taken up', async () => {
  await rig.json(...createLab);
  const engine = await connect();
  // A request in flight keeps the stop in its drain for as long as this takes.
  const slow = await slowRequest(rig, 5000);
  const stop = rig.tandem('cluster', 'stop', 'lab', '--json');
  await eventually('stop under way', async () => journaledVerb() === 'stop');
  const before = readJournal();
  for (const verb of ['cluster.delete', 'cluster.stop', 'cluster.drain', 'cluster.start'] as const) {
    const input = verb === 'cluster.delete' ? { name: 'lab', yes: true } : { name: 'lab' };
    expect(await engine.call(verb, input), verb).toMatchObject(busyWith('stop'));
    expect(readJournal(), `the journal after ${verb}`).toBe(before);
  }
  const lines = (await rig.history()).length;
  await killAndRestart(stop);
  await eventually('stopped', async () => isStopped(await rig.cluster('lab')));
  await expectOneLineSince(lines);
  expect(nodeProcesses(rig)).toEqual([]);
  expect((await slow.answer).status).toBe(200);
});

test('a delete that is refused while a create runs leaves its journal: kill -9, and nothing of it stays', async () => {
  // Connected beforehand: a create of the built-in cluster is over in a second.
  const engine = await connect();
  const create = rig.tandem(...createLab, '--nodes', '3', '--json');
  await eventually('create under way', async () => journaledVerb() === 'create');
  const refused = await engine.call('cluster.delete', { name: 'lab', yes: true });
  const left = readJournal();
  await killAndRestart(create);
  expect(refused).toMatchObject(busyWith('create'));
  expect(left, 'the journal after cluster.delete').toEqual(expect.stringContaining('"verb":"create"'));
  await eventually('gone', async () => (await rig.status()).clusters.length === 0);
  await expectOneLineSince(0);
  expect(nodeProcesses(rig)).toEqual([]);
});

const busyWith = (verb: string) => ({ ok: false, error: { code: 'clusterBusy', params: { verb } } });

async function connect(): Promise<EngineClient> {
  const engine = await connectToEngine(homeAt(rig.home));
  if (!engine.ok) throw new Error(engine.error.code);
  return engine.value;
}

function readJournal(): string | null {
  return existsSync(labJournal(rig)) ? readFileSync(labJournal(rig), 'utf8') : null;
}

function journaledVerb(): unknown {
  const text = readJournal();
  return text === null ? null : (JSON.parse(text) as { verb: unknown }).verb;
}

async function killAndRestart(cut: ReturnType<Rig['tandem']>): Promise<void> {
  await rig.kill('SIGKILL');
  expect((await cut).code).not.toBe(0);
  await rig.startEngine();
}

function isStopped(cluster: Cluster | undefined): boolean {
  return cluster?.state === 'stopped' && cluster.operation === null;
}

async function expectOneLineSince(count: number): Promise<void> {
  const lines = (await rig.history()).slice(count);
  expect(lines.map(({ what }) => what)).toEqual([expect.stringContaining('after a crash')]);
  await eventually('journal cleared', async () => readJournal() === null);
}
