import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import { freePorts } from '../../src-demo/free-ports.ts';
import { documents, eventually, openRig, type Rig } from './tandem.ts';

// The verbs of a departure at a terminal: two engines of two homes over loopback, really paired, the embedded front.
let core: Rig;
let edge: Rig;
beforeAll(async () => {
  const [coreLink = 0, edgeLink = 0, listen = 0, gate = 0, coreHost = 0, edgeHost = 0] = await freePorts(6);
  const home = (name: string, port: number, hostPort: number, traffic: object): Rig => {
    const rig = openRig({ TANDEM_TIME_SCALE: '10' });
    const cluster = { name, provider: 'embedded', hostPort };
    const link = { address: '127.0.0.1', port, discovery: false };
    const settings = { cluster, link, traffic: { front: 'embedded', ...traffic } };
    writeFileSync(join(rig.home, 'engine.json'), JSON.stringify(settings), { mode: 0o600 });
    return rig;
  };
  core = home('core', coreLink, coreHost, { listen: `127.0.0.1:${listen}` });
  edge = home('edge', edgeLink, edgeHost, { gateListen: `127.0.0.1:${gate}` });
  edge.vitals.battery(80, { onAC: true });
  await Promise.all([core.startEngine('--role', 'core'), edge.startEngine('--role', 'edge')]);
  await Promise.all([core, edge].map((rig) => rig.json('cluster', 'create', '--provider', 'embedded')));
  const waits = core.begin('pair', '--yes');
  await eventually('a window that is open', async () => (await core.status()).link.pairing !== null);
  await edge.json('pair', `127.0.0.1:${coreLink}`, '--yes');
  await waits.done;
  await settled();
}, 180_000);
afterAll(async () => {
  await edge?.close();
  await core?.close();
});

const settled = () =>
  eventually(
    'the edge with its share',
    async () => {
      const { handoff, traffic } = await core.status();
      return handoff?.state === 'SERVING' && traffic?.weights.edge === 80;
    },
    120_000,
  );
const stepsOf = (stderr: string): string[] =>
  documents<{ step?: { step: string } }>(stderr).flatMap(({ step }) =>
    step === undefined ? [] : [step.step],
  );

test('leave on the core asks the edge; cancel takes it back, and its exit code says so', async () => {
  const leaving = core.begin('leave', '--reason', 'asked by the core');
  await eventually(
    'a departure',
    async () => (await edge.status()).handoff?.reasons[0]?.detail === 'asked by the core',
  );
  await edge.json<Handoff>('cancel');
  const ran = await leaving.done;
  expect([ran.code, ran.stdout]).toEqual([1, '']);
  expect(ran.stderr).toContain('"cancelled"');
  expect(await core.tandem('delay', '--json')).toMatchObject({ code: 1 });
  await settled();
}, 180_000);

test('leave on the edge: steps as they end, one document, the cluster stopped, a report on the core', async () => {
  const dry = await core.json<{ cluster: string | null; coreProbes: { ok: number } }>('leave', '--dry-run');
  expect([dry.cluster, dry.coreProbes.ok]).toEqual(['edge', 20]);
  const ran = await edge.tandem('leave', '--reason', 'to the train', '--json');
  expect(ran.code).toBe(0);
  const [handoff, ...more] = documents<Handoff>(ran.stdout);
  expect(more).toEqual([]);
  expect(handoff).toMatchObject({
    state: 'OFFLINE',
    safeToCloseLid: true,
    reasons: [{ detail: 'to the train' }],
  });
  expect(stepsOf(ran.stderr).slice(0, 5)).toEqual([
    'PREPARING',
    'SHIFTING',
    'VERIFYING',
    'DRAINING',
    'RELEASED',
  ]);
  expect((await edge.cluster('edge'))?.state).toBe('stopped');
  const record = await eventually('a report', async () => {
    const reports = (await core.history()).filter(({ kind }) => kind === 'handoff.departure');
    return reports.findLast((one: HistoryRecord) => one.what.includes('offline'));
  });
  expect((await core.tandem('history', 'report', record.id)).stdout).toContain('Asked for: to the train');
}, 180_000);

test('return --no-wait is accepted at once; the edge starts its cluster and is tried', async () => {
  await edge.json<Handoff>('return', '--no-wait');
  await eventually(
    'a first share',
    async () => (await core.status()).handoff?.returning?.target === 80,
    60_000,
  );
  expect((await edge.cluster('edge'))?.state).toBe('running');
}, 120_000);
