import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePorts } from '../../src-demo/free-ports.ts';
import type { DoctorCheck } from '../../src-shared/commands/housekeeping.ts';
import type { Tunnel } from '../../src-shared/world/tunnel.ts';
import { remotesOf } from '../doubles/cilium-objects.ts';
import { pairByHand } from '../rig/net/pair.ts';
import { openCiliumMac, type CiliumMac } from './cilium-mac.ts';
import { eventually, processesNaming } from './tandem.ts';

// Cluster Mesh between two real engines, through the command line: cilium is an executable that replays its documented
// outputs, the clusters are their APIs.

const LONG = 180_000;
const SERVICES = '/api/v1/namespaces/default/services';
const GLOBAL = 'service.cilium.io/global';

let core: CiliumMac;
let edge: CiliumMac;

beforeAll(async () => {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, gate = 0, front = 0] = await freePorts(8);
  const shared = { gate, front };
  core = await openCiliumMac({ ...shared, side: 'core', link: a, hostPort: c, relay: e });
  edge = await openCiliumMac({ ...shared, side: 'edge', link: b, hostPort: d, relay: f });
  await Promise.all([core.rig.startEngine('--role', 'core'), edge.rig.startEngine('--role', 'edge')]);
  await pairByHand(core.rig, edge.rig, `127.0.0.1:${a}`);
  for (const mac of [core, edge])
    await eventually(
      'a running cluster',
      async () => (await mac.rig.cluster('lab'))?.state === 'running',
      60_000,
    );
  await eventually('the link', async () => (await edge.rig.status()).peer?.link === 'up', 30_000);
}, LONG);
afterAll(async () => {
  for (const mac of [edge, core]) {
    await mac?.rig.close();
    await mac?.docker.close();
    await mac?.kube.close();
  }
}, LONG);

/** Null while an engine has not looked yet. */
const tunnelOf = ({ rig }: CiliumMac): Promise<Tunnel | null> => rig.json<Tunnel | null>('tunnel', 'status');

const seen = (what: string, mac: CiliumMac, look: (tunnel: Tunnel) => boolean): Promise<unknown> =>
  eventually(
    what,
    async () => {
      const tunnel = await tunnelOf(mac);
      return tunnel !== null && look(tunnel);
    },
    60_000,
  );

async function refused(mac: CiliumMac, ...args: string[]): Promise<string> {
  const ran = await mac.rig.tandem('tunnel', ...args, '--json');
  expect(ran.code).toBe(1);
  return (JSON.parse(ran.stderr.trim().split('\n').at(-1) ?? '') as { error: { code: string } }).error.code;
}

test(
  'Cilium is in both clusters: LAN mode, which says what could connect them',
  async () => {
    for (const mac of [core, edge])
      await seen('notMeshed', mac, ({ kind, why }) => kind === 'lan' && why === 'notMeshed');
    expect(await refused(edge, 'leave')).toBe('notConfirmed');
  },
  LONG,
);

test(
  'a join that hangs with half of it done is cancelled: the tool ends, and neither cluster is told of the other',
  async () => {
    edge.scene({ hangIn: 'remote' });
    const joining = edge.rig.begin('tunnel', 'join');
    await eventually('half of it', async () => remotesOf(edge.kube).length > 0, 60_000);
    expect((await tunnelOf(edge))?.operation).toMatchObject({ verb: 'join', step: 'connectMesh', total: 4 });
    edge.scene({});
    await edge.rig.json('tunnel', 'cancel');
    const ran = await joining.done;
    expect(ran.stderr).toContain('cancelled');
    expect([remotesOf(edge.kube), remotesOf(core.kube)]).toEqual([[], []]);
    expect(processesNaming(join(edge.tools, 'cilium'))).toEqual([]);
    expect(await tunnelOf(edge)).toMatchObject({
      kind: 'lan',
      why: 'notMeshed',
      problem: null,
      operation: null,
    });
  },
  LONG,
);

test(
  'one join connects both clusters, and both Macs see it',
  async () => {
    const ran = await edge.rig.tandem('tunnel', 'join');
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).toContain('✓ cilium connects both clusters');
    expect([remotesOf(edge.kube), remotesOf(core.kube)]).toEqual([['tandem-core'], ['tandem-edge']]);
    for (const mac of [core, edge])
      await seen('connected', mac, ({ kind, state }) => kind === 'cilium' && state === 'connected');
    expect(await tunnelOf(core)).toMatchObject({
      why: 'joined',
      cilium: {
        clusterName: 'tandem-core',
        clusterId: 1,
        version: 'v1.16.5',
        agents: { ready: 1, total: 1 },
        peer: { clusterName: 'tandem-edge', state: 'connected', connected: 1, total: 1 },
      },
    });
    expect(await refused(core, 'join')).toBe('alreadyJoined');
    expect((await core.rig.tandem('tunnel', 'status')).stdout).toContain('tandem-edge');
  },
  LONG,
);

test(
  'no credential stands in arguments, logs, history or files that stay',
  () => {
    for (const mac of [core, edge]) {
      const { home } = mac.rig;
      const told = ['logs', 'history.jsonl', 'run/cilium', 'tools/calls']
        .flatMap((name) => filesIn(join(home, name)))
        .map((path) => readFileSync(path, 'utf8'))
        .join('\n');
      expect(told).not.toMatch(/SECRET-KEY|of-nobody/);
      expect(told).not.toContain(Buffer.from('SECRET-KEY-of-the-access').toString('base64').slice(0, 30));
      expect(readdirSync(join(home, 'run/cilium')).filter((name) => name.includes('kubeconfig'))).toEqual([]);
    }
  },
  LONG,
);

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return statSync(path).isFile() ? [path] : [];
  return readdirSync(path).flatMap((name) => filesIn(join(path, name)));
}

test(
  'an export makes the service one in both clusters; what somebody else set stays when it is taken back',
  async () => {
    core.kube.put(`${SERVICES}/web`, { spec: { ports: [{ port: 80 }], clusterIP: '10.110.0.20' } });
    core.kube.put(`${SERVICES}/api`, {
      metadata: { name: '', annotations: { [GLOBAL]: 'true' } },
      spec: { ports: [{ name: 'http', port: 8080 }], clusterIP: '10.110.0.21' },
    });
    edge.kube.put(`${SERVICES}/api`, { spec: { ports: [{ port: 8080 }], clusterIP: '10.120.0.21' } });
    await core.rig.json('tunnel', 'export', 'web');
    await core.rig.json('tunnel', 'export', 'api');
    expect(await refused(core, 'export', 'nothing')).toBe('serviceUnknown');
    await seen(
      'both imports',
      edge,
      ({ imports }) => imports.map(({ state }) => state).join() === 'ready,blocked',
    );
    expect((await tunnelOf(edge))?.imports[1]?.problem?.code).toBe('ciliumServiceForeign');
    const there = edge.kube.objects.get(`${SERVICES}/web`);
    expect(there?.metadata.annotations).toEqual({ [GLOBAL]: 'true', 'service.cilium.io/shared': 'false' });
    expect(there?.['spec']).toEqual({ ports: [{ port: 80, protocol: 'TCP' }] });
    // Exported there too, both pods' answer, and nothing of the person's is replaced.
    await edge.rig.json('tunnel', 'export', 'api');
    await seen('its own', edge, ({ imports }) => imports.every(({ state }) => state === 'ready'));
    for (const name of ['web', 'api']) await core.rig.json('tunnel', 'unexport', name);
    expect(core.kube.objects.get(`${SERVICES}/web`)?.metadata.annotations).toEqual({});
    expect(core.kube.objects.get(`${SERVICES}/api`)?.metadata.annotations).toEqual({ [GLOBAL]: 'true' });
    await eventually('gone over there', async () => !edge.kube.objects.has(`${SERVICES}/web`), 30_000);
    expect(await refused(core, 'unexport', 'web')).toBe('notExported');
  },
  LONG,
);

test(
  'the doctor names the whole way',
  async () => {
    const { checks } = await edge.rig.json<{ checks: DoctorCheck[] }>('tunnel', 'doctor');
    expect(checks.filter(({ verdict }) => verdict === 'problem')).toEqual([]);
    expect(checks.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['preflight.identity', 'preflight.authority', 'joined', 'way']),
    );
  },
  LONG,
);

test(
  'one Mac leaves: both clusters are apart, nothing of ours stands in either, and LAN mode is back',
  async () => {
    await core.rig.json('tunnel', 'export', 'web');
    await eventually('over there', async () => edge.kube.objects.has(`${SERVICES}/web`), 30_000);
    const left = await edge.rig.tandem('tunnel', 'leave', '--yes', '--json');
    expect(left.code, left.stderr).toBe(0);
    expect([remotesOf(edge.kube), remotesOf(core.kube)]).toEqual([[], []]);
    for (const mac of [core, edge])
      await seen('LAN mode', mac, ({ kind, why }) => kind === 'lan' && why === 'notMeshed');
    await eventually('nothing of ours', async () => {
      const annotations = core.kube.objects.get(`${SERVICES}/web`)?.metadata.annotations ?? {};
      return !(GLOBAL in annotations) && !edge.kube.objects.has(`${SERVICES}/web`);
    });
    // What it exported itself is its own again.
    expect(edge.kube.objects.get(`${SERVICES}/api`)?.metadata.annotations).toEqual({});
  },
  LONG,
);

test(
  'what is in the way is named before anything is changed',
  async () => {
    const config = '/api/v1/namespaces/kube-system/configmaps/cilium-config';
    const data = edge.kube.objects.get(config)?.['data'] as Record<string, string>;
    edge.kube.put(config, { data: { ...data, 'cluster-id': '1' } });
    expect(await refused(core, 'join')).toBe('ciliumIdsSame');
    edge.kube.put(config, { data });
    core.scene({ version: 'v0.14.8' });
    expect(await refused(core, 'join')).toBe('ciliumOld');
    core.scene({ failIn: 'connect', failure: 'release: not found' });
    expect(await refused(core, 'join')).toBe('ciliumNotByHelm');
    core.scene({});
    expect([remotesOf(edge.kube), remotesOf(core.kube)]).toEqual([[], []]);
  },
  LONG,
);

test(
  'kill -9 with half of a join done: the tool ends with the next engine, and both clusters are as before',
  async () => {
    edge.scene({ hangIn: 'remote' });
    const joining = edge.rig.begin('tunnel', 'join');
    await eventually('half of it', async () => remotesOf(edge.kube).length > 0, 60_000);
    await edge.rig.kill('SIGKILL');
    await joining.done;
    expect(processesNaming(join(edge.tools, 'cilium')).length).toBeGreaterThan(0);
    edge.scene({});
    await edge.rig.startEngine();
    await seen('undone', edge, ({ kind, problem }) => kind === 'lan' && problem === null);
    expect([remotesOf(edge.kube), remotesOf(core.kube)]).toEqual([[], []]);
    expect(processesNaming(join(edge.tools, 'cilium'))).toEqual([]);
    expect((await edge.rig.history()).map(({ what }) => what).join('\n')).toContain(
      'was cut off at connectMesh: it was undone',
    );
  },
  LONG,
);
