import { afterAll, beforeAll, expect, test } from 'vitest';
import { askNode } from '../../src-engine/cluster/embedded/node-client.ts';
import { readNodeRecord } from '../../src-engine/cluster/embedded/node-files.ts';
import { homeAt } from '../../src-engine/platform/home.ts';
import { eventually, openRig, type Rig } from './tandem.ts';

// The field names and units of design/interface.md, written down a second time on purpose:
// the schema in src-shared may grow, but what stands here may not change.
let rig: Rig;
beforeAll(async () => {
  rig = openRig();
  rig.vitals.battery(62, { watts: 5, onAC: false });
  await rig.startEngine();
  await rig.json('cluster', 'create', 'lab', '--provider', 'embedded');
});
afterAll(() => rig.close());

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const number = expect.any(Number) as number;
const iso = expect.stringMatching(ISO) as string;
const text = expect.any(String) as string;
const list = expect.any(Array) as unknown[];
const measured = { source: text, sampledAt: iso };

test('status --json has every field of the interface, with its unit', async () => {
  await eventually('vitals read', async () => (await rig.status()).host.vitals.memory !== null);
  const world = await rig.status();
  expect(world).toMatchObject({
    version: text,
    role: 'single',
    at: iso,
    timeScale: 1,
    host: { name: text, vitals: { stage: 'ok', reasons: [] } },
    clusters: list,
    peer: null,
    traffic: null,
    handoff: null,
    tunnel: null,
    automation: { enabled: true, pausedUntil: null },
  });
  const { memory, battery, thermal } = world.host.vitals;
  expect(memory).toMatchObject({
    ...measured,
    usedBytes: number,
    availableBytes: 8 * 2 ** 30,
    totalBytes: 16 * 2 ** 30,
    swapUsedBytes: number,
    level: 'normal',
    pressureRatio: null,
  });
  expect(battery).toMatchObject({
    ...measured,
    percent: 62,
    onAC: false,
    state: 'discharging',
    powerWatts: -5,
    confidence: expect.stringMatching(/^(none|low|good)$/) as string,
  });
  expect(battery).toHaveProperty('minutesToDrain');
  expect(battery).toHaveProperty('minutesToStop');
  expect(thermal).toMatchObject({ ...measured, level: number });
});

test('a cluster, its nodes and its operation are as the interface says', async () => {
  const cluster = await rig.cluster('lab');
  expect(cluster).toMatchObject({
    ...measured,
    name: 'lab',
    provider: 'embedded',
    state: 'running',
    operation: null,
  });
  expect(cluster?.nodes).toEqual([
    { name: 'lab-control-plane', role: 'control-plane', ready: true, pods: 2 },
  ]);
  // A request in flight holds the stop in its drain, so that it is surely met there.
  const record = await readNodeRecord(homeAt(rig.home), 'lab', 'lab-control-plane');
  const state = await askNode(record?.socket ?? '', 'GET', '/state');
  const slow = fetch(`http://127.0.0.1:${state?.pods[0]?.port}/?delayMs=4000`);
  const stopping = rig.tandem('cluster', 'stop', 'lab');
  const operation = await eventually('an operation', async () => (await rig.cluster('lab'))?.operation);
  expect(operation).toMatchObject({ verb: 'stop', step: 'drainPods', done: 0, total: 2, startedAt: iso });
  expect(operation).toHaveProperty('etaMs');
  await stopping;
  await slow;
});

test('a reason says metric, value, limit and since; absent hardware is null', async () => {
  rig.vitals.heat(4);
  await eventually('stop by heat', async () => (await rig.status()).host.vitals.stage === 'stop');
  expect((await rig.status()).host.vitals.reasons).toContainEqual({
    metric: 'thermal.level',
    stage: 'stop',
    value: 4,
    limit: 4,
    since: iso,
  });
});

test('--watch prints a document per change', async () => {
  const watching = rig.tandem('status', '--watch', '--json');
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await rig.kill('SIGTERM');
  const lines = (await watching).stdout.trim().split('\n');
  expect(lines.length).toBeGreaterThan(2);
  const revisions = lines.map((line) => (JSON.parse(line) as { revision: number }).revision);
  expect([...revisions].sort((a, b) => a - b)).toEqual(revisions);
});
