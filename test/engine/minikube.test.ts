import { copyFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileURLToPath } from 'node:url';
import type { Cluster } from '../../src-shared/world/clusters.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';
import { eventually, openRig, processesNaming, type Rig } from './tandem.ts';

// minikube itself cannot be had on the CI machine: an executable replays its documented grammar.
let rig: Rig;
let tools: string;
beforeEach(() => {
  tools = temporaryFolder('minikube');
  copyFileSync(fileURLToPath(new URL('../doubles/minikube.mjs', import.meta.url)), join(tools, 'minikube'));
  chmodSync(join(tools, 'minikube'), 0o755);
});
afterEach(() => rig.close());

async function open(extra: Record<string, string> = {}): Promise<void> {
  rig = openRig({ PATH: `${tools}:${process.env['PATH'] ?? ''}`, MINIKUBE_HOME: tools, ...extra });
  await rig.startEngine();
}
const create = ['cluster', 'create', 'lab', '--provider', 'minikube'];

test('create, stop, start, delete by events and states, never by exit codes alone', async () => {
  await open();
  expect(await rig.json<Cluster>(...create)).toMatchObject({ provider: 'minikube', state: 'running' });
  expect(await rig.json<Cluster>('cluster', 'stop', 'lab')).toMatchObject({
    state: 'stopped',
    nodes: [{ name: 'lab', ready: false }],
  });
  expect(await rig.json<Cluster>('cluster', 'start', 'lab')).toMatchObject({ state: 'running' });
  expect(await rig.json<Cluster>('cluster', 'delete', 'lab', '--yes')).toMatchObject({ state: 'absent' });
});

test("an error event becomes minikube's own reason and advice, and nothing is left", async () => {
  await open({ MINIKUBE_FAIL: '1' });
  const ran = await rig.tandem(...create, '--json');
  expect(ran.code).toBe(1);
  const { error } = JSON.parse(ran.stderr.trim().split('\n').at(-1) ?? '') as {
    error: { code: string; message: string; hint: string };
  };
  expect(error).toMatchObject({ code: 'minikubeFailed', hint: 'Give Docker more memory.' });
  expect(error.message).toContain('RSRC_INSUFFICIENT_CONTAINER_MEMORY');
  expect((await rig.status()).clusters).toEqual([]);
});

test("a profile of the person's own with that name is refused, and stays", async () => {
  await open();
  writeFileSync(join(tools, 'lab.profile'), 'Running');
  const ran = await rig.tandem(...create, '--json');
  expect(ran.stderr).toContain('clusterExists');
  expect(readFileSync(join(tools, 'lab.profile'), 'utf8')).toBe('Running');
  expect((await rig.status()).clusters).toEqual([]);
});

test('cancel in the middle of a create deletes the half machine', async () => {
  await open({ MINIKUBE_STEP_MS: '1500' });
  const creating = rig.tandem(...create, '--json');
  await eventually('minikube in its steps', async () =>
    (await rig.cluster('lab'))?.operation?.detail?.includes('Starting Node'),
  );
  expect((await rig.tandem('cluster', 'cancel', 'lab')).code).toBe(0);
  expect((await creating).code).toBe(1);
  expect((await rig.status()).clusters).toEqual([]);
  expect(processesNaming(tools)).toEqual([]);
});

test('kill -9 of the engine in the middle of a create: the tool ends and the half machine goes', async () => {
  await open({ MINIKUBE_STEP_MS: '3000' });
  void rig.tandem(...create);
  await eventually('minikube in its steps', async () =>
    (await rig.cluster('lab'))?.operation?.detail?.includes('Selecting Driver'),
  );
  await rig.kill('SIGKILL');
  expect(processesNaming(join(tools, 'minikube')).length).toBeGreaterThan(0);
  await rig.startEngine();
  await eventually('cleaned up', async () => (await rig.status()).clusters.length === 0);
  expect(processesNaming(join(tools, 'minikube'))).toEqual([]);
  expect((await rig.history()).map(({ what }) => what)).toEqual([
    expect.stringContaining('cleaned up after a crash'),
  ]);
});
