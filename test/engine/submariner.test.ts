import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePorts } from '../../src-demo/free-ports.ts';
import { connectToEngine } from '../../src-engine/platform/engine-client.ts';
import { homeAt } from '../../src-engine/platform/home.ts';
import type { DoctorCheck } from '../../src-shared/commands/housekeeping.ts';
import type { Tunnel } from '../../src-shared/world/tunnel.ts';
import { pairByHand } from '../rig/net/pair.ts';
import { openSubmarinerMac, type SubmarinerMac } from './submariner-mac.ts';
import { eventually, processesNaming } from './tandem.ts';

// Submariner between two real engines, through the command line: subctl is an executable that replays its documented
// outputs, the clusters are their APIs, the container runtime is its socket.

const LONG = 180_000;
const SUBMARINERS = '/apis/submariner.io/v1alpha1/namespaces/submariner-operator/submariners';

let core: SubmarinerMac;
let edge: SubmarinerMac;

beforeAll(async () => {
  const [
    coreLink = 0,
    edgeLink = 0,
    coreHost = 0,
    edgeHost = 0,
    coreRelay = 0,
    edgeRelay = 0,
    gate = 0,
    front = 0,
  ] = await freePorts(8);
  const shared = { gate, front };
  core = await openSubmarinerMac({
    ...shared,
    side: 'core',
    link: coreLink,
    hostPort: coreHost,
    relay: coreRelay,
  });
  edge = await openSubmarinerMac({
    ...shared,
    side: 'edge',
    link: edgeLink,
    hostPort: edgeHost,
    relay: edgeRelay,
  });
  core.kube.peer = edge.kube;
  edge.kube.peer = core.kube;
  await Promise.all([core.rig.startEngine('--role', 'core'), edge.rig.startEngine('--role', 'edge')]);
  await pairByHand(core.rig, edge.rig, `127.0.0.1:${coreLink}`);
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

/** Null while an engine that began anew has not looked yet. */
const tunnelOf = ({ rig }: SubmarinerMac): Promise<Tunnel | null> =>
  rig.json<Tunnel | null>('tunnel', 'status');

async function refused(mac: SubmarinerMac, ...args: string[]): Promise<unknown> {
  const ran = await mac.rig.tandem('tunnel', ...args, '--json');
  expect(ran.code).toBe(1);
  return (JSON.parse(ran.stderr.trim().split('\n').at(-1) ?? '') as { error: { code: string } }).error.code;
}

test(
  'the tool is there and nothing is joined: LAN mode, which says so; a join without a broker is refused',
  async () => {
    expect(await tunnelOf(core)).toMatchObject({
      kind: 'lan',
      why: 'notJoined',
      submariner: null,
      operation: null,
    });
    expect(await refused(edge, 'join')).toBe('brokerMissing');
    expect(await refused(edge, 'broker')).toBe('notOnCore');
    expect(await refused(core, 'leave')).toBe('notConfirmed');
    expect(await refused(core, 'leave', '--yes')).toBe('notJoined');
  },
  LONG,
);

test(
  'broker, join, join by the command line, with the steps as they end',
  async () => {
    const made = await core.rig.tandem('tunnel', 'broker');
    expect(made.code, made.stderr).toBe(0);
    expect(made.stderr).toContain('✓ Deploy the broker');
    expect(await core.rig.json('tunnel', 'join')).toMatchObject({
      kind: 'submariner',
      why: 'joined',
      state: 'none',
    });
    edge.scene({ delayMs: 400 });
    const joining = edge.rig.begin('tunnel', 'join');
    const seen = await eventually('steps', async () => {
      const operation = (await tunnelOf(edge))?.operation;
      return operation?.step === 'joinCluster' ? operation : null;
    });
    expect(seen).toMatchObject({ verb: 'join', total: 7, cancelling: false });
    const ran = await joining.done;
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      kind: 'submariner',
      state: 'connected',
      submariner: { clusterId: 'lab-edge', peer: { clusterId: 'lab-core', state: 'connected', rttMs: 1.16 } },
    });
    await eventually(
      'the core sees it too',
      async () => (await tunnelOf(core))?.state === 'connected',
      30_000,
    );
    expect((await core.rig.tandem('tunnel', 'status')).stdout).toContain('lab-edge');
  },
  LONG,
);

test(
  'nothing of the broker file stands in logs, history, arguments or files of others',
  async () => {
    const { home } = core.rig;
    const file = join(home, 'run/submariner/broker-info.subm');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const secret = readFileSync(file, 'utf8').slice(300, 380);
    expect(existsSync(join(edge.rig.home, 'run/submariner/broker-info.subm'))).toBe(false);
    for (const mac of [core, edge]) {
      const places = ['logs', 'history.jsonl', 'run', 'tools/calls'].flatMap((name) =>
        filesIn(join(mac.rig.home, name)),
      );
      const leaks = places.filter((path) => path !== file && readFileSync(path, 'utf8').includes(secret));
      expect(leaks).toEqual([]);
      const told = places
        .filter((path) => path !== file)
        .map((path) => readFileSync(path, 'utf8'))
        .join('\n');
      expect(told).not.toMatch(/SECRET-(TOKEN|PSK)/);
    }
    const bundle = join(home, 'bundle.json');
    await core.rig.tandem('doctor', '--record', bundle);
    expect(
      filesIn(home)
        .filter((path) => path.startsWith(bundle))
        .map((path) => readFileSync(path, 'utf8').includes(secret)),
    ).not.toContain(true);
  },
  LONG,
);

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return statSync(path).isFile() ? [path] : [];
  return readdirSync(path).flatMap((name) => filesIn(join(path, name)));
}

test(
  'an export goes over the tunnel, and the doctor names the whole way',
  async () => {
    core.kube.put('/api/v1/namespaces/default/services/web', { spec: { ports: [{ port: 80 }] } });
    await core.rig.json('tunnel', 'export', 'web');
    const there = await eventually('an import', async () => (await tunnelOf(edge))?.imports[0], 30_000);
    expect(there).toMatchObject({ state: 'ready', clusterName: 'web.default.svc.clusterset.local' });
    const { checks } = await edge.rig.json<{ checks: DoctorCheck[] }>('tunnel', 'doctor');
    expect(checks.filter(({ verdict }) => verdict === 'problem')).toEqual([]);
    expect(checks.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['joined', 'gateway', 'way', 'preflight.tool']),
    );
    await core.rig.json('tunnel', 'unexport', 'web');
  },
  LONG,
);

test(
  'after a sleep everything is looked at in order: what each stands on comes first',
  async () => {
    const engine = await connectToEngine(homeAt(core.rig.home));
    if (!engine.ok) throw new Error(engine.error.code);
    await engine.value.call('host.event', { event: 'resume' });
    engine.value.close();
    const wake = await eventually(
      'the list',
      async () => {
        const seen = (await core.rig.status()).wake;
        return seen?.state === 'done' ? seen : null;
      },
      90_000,
    );
    expect(wake.lines.map(({ id, verdict }) => [id, verdict === 'recovered' ? 'ok' : verdict])).toEqual([
      ['clock', 'ok'],
      ['api', 'ok'],
      ['nodes', 'ok'],
      // Its API has no certificate here.
      ['certificates', 'unknown'],
      ['link', 'ok'],
      ['tunnel', 'ok'],
      ['front', 'ok'],
    ]);
    expect((await core.rig.tandem('wake')).stdout).toContain('Kubernetes API');
  },
  LONG,
);

test(
  'an engine begins anew: the tunnel is what it was, and nothing is done again',
  async () => {
    const calls = readFileSync(join(edge.tools, 'calls'), 'utf8');
    await edge.rig.kill('SIGKILL');
    await edge.rig.startEngine();
    await eventually('connected', async () => (await tunnelOf(edge))?.state === 'connected', 60_000);
    expect(readFileSync(join(edge.tools, 'calls'), 'utf8')).toBe(calls);
  },
  LONG,
);

test(
  'it leaves, LAN mode is back, and the core’s broker knows it no more',
  async () => {
    edge.scene({});
    const left = await edge.rig.tandem('tunnel', 'leave', '--yes', '--json');
    expect(left.code, left.stderr).toBe(0);
    await eventually('LAN mode', async () => (await tunnelOf(edge))?.kind === 'lan', 30_000);
    await eventually(
      'forgotten',
      async () =>
        core.kube.names('/apis/submariner.io/v1/namespaces/submariner-k8s-broker/clusters').join() ===
        'lab-core',
    );
  },
  LONG,
);

test(
  'kill -9 while subctl hangs in a join: the tool ends with the next engine, and the join is undone',
  async () => {
    edge.scene({ hangIn: 'Deploying submariner' });
    const joining = edge.rig.begin('tunnel', 'join');
    await eventually(
      'subctl at work',
      async () => (await tunnelOf(edge))?.operation?.detail === 'Deploying submariner',
    );
    await edge.rig.kill('SIGKILL');
    await joining.done;
    const hanging = (): string[] => processesNaming(join(edge.tools, 'subctl'));
    expect(hanging().length).toBeGreaterThan(0);
    edge.scene({});
    await edge.rig.startEngine();
    await eventually(
      'undone',
      async () => {
        const tunnel = await tunnelOf(edge);
        return tunnel?.kind === 'lan' && tunnel.problem === null;
      },
      90_000,
    );
    expect(hanging()).toEqual([]);
    expect(edge.kube.names(SUBMARINERS)).toEqual([]);
    expect((await edge.rig.history()).map(({ what }) => what).join('\n')).toContain(
      'was cut off at joinCluster: it was undone',
    );
  },
  LONG,
);
