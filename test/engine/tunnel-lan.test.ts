import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DoctorCheck } from '../../src-shared/commands/housekeeping.ts';
import type { Tunnel, TunnelImport } from '../../src-shared/world/tunnel.ts';
import { freePorts } from '../../src-demo/free-ports.ts';
import { pairByHand } from '../rig/net/pair.ts';
import { eventually, openRig, type Rig } from './tandem.ts';

// LAN mode between two homes with the built-in cluster: no Kubernetes API, but real relays and real keys.

const LONG = 180_000;
let core: Rig;
let edge: Rig;

beforeAll(async () => {
  const [coreLink = 0, edgeLink = 0, coreHost = 0, edgeHost = 0, coreRelay = 0, edgeRelay = 0, gate = 0] =
    await freePorts(7);
  const home = (name: string, port: number, hostPort: number, relay: number): Rig => {
    const rig = openRig();
    const settings = {
      cluster: { name, provider: 'embedded', hostPort },
      link: { address: '127.0.0.1', port, discovery: false },
      traffic: { front: 'embedded', listen: '127.0.0.1:0', gateListen: `127.0.0.1:${gate}` },
      tunnel: { relayListen: `127.0.0.1:${relay}` },
    };
    writeFileSync(join(rig.home, 'engine.json'), JSON.stringify(settings), { mode: 0o600 });
    return rig;
  };
  core = home('core', coreLink, coreHost, coreRelay);
  edge = home('edge', edgeLink, edgeHost, edgeRelay);
  await Promise.all([core.startEngine('--role', 'core'), edge.startEngine('--role', 'edge')]);
  await Promise.all([core, edge].map((rig) => rig.json('cluster', 'create', '--provider', 'embedded')));
  await pairByHand(core, edge, `127.0.0.1:${coreLink}`);
}, LONG);
afterAll(async () => {
  await edge?.close();
  await core?.close();
}, LONG);

const tunnelOf = (rig: Rig): Promise<Tunnel> => rig.json<Tunnel>('tunnel', 'status');

async function ready(rig: Rig): Promise<TunnelImport> {
  const seen = await eventually(
    'a service of the other Mac',
    async () => {
      const tunnel = await tunnelOf(rig);
      return tunnel.state === 'connected' && tunnel.imports[0]?.state === 'ready' ? tunnel : null;
    },
    60_000,
  );
  const [first] = seen.imports;
  if (first === undefined) throw new Error('no import');
  return first;
}

async function backend(address: string | undefined): Promise<unknown> {
  const answer = await fetch(`http://${address}/`, { signal: AbortSignal.timeout(10_000) });
  return ((await answer.json()) as { backend: unknown }).backend;
}

const relayPid = (rig: Rig): unknown =>
  (JSON.parse(readFileSync(join(rig.home, 'run/relay.json'), 'utf8')) as { pid: unknown }).pid;

test('it is chosen by itself, and says why; nothing runs for it before there is something to carry', async () => {
  expect(await tunnelOf(edge)).toMatchObject({
    kind: 'lan',
    why: 'embedded',
    state: 'none',
    relay: null,
    exports: [],
  });
  expect((await core.tandem('tunnel', 'status')).stdout).toContain('no network that a tunnel could join');
});

test(
  'an export of the core is reached on the edge, and one of the edge on the core',
  async () => {
    const refused = await core.tandem('tunnel', 'export', 'postgres', '--json');
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'serviceUnknown' } });
    await core.json('tunnel', 'export', 'web');
    const there = await ready(edge);
    expect(there).toMatchObject({ namespace: 'default', name: 'web', clusterName: null });
    expect(await backend(there.addresses[0])).toBe('core');
    await edge.json('tunnel', 'export', 'web');
    expect(await backend((await ready(core)).addresses[0])).toBe('edge');
    const { checks } = await edge.json<{ checks: DoctorCheck[] }>('tunnel', 'doctor');
    expect(checks.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    expect(checks.map(({ check }) => check)).toEqual([
      'tunnel',
      'cluster',
      'link',
      'relay',
      'peer',
      'export',
      'import',
    ]);
  },
  LONG,
);

test(
  'the engine dies: what it left behind serves on, and the next engine adopts it',
  async () => {
    const { addresses } = await ready(edge);
    const pids = [relayPid(core), relayPid(edge)];
    await Promise.all([core.kill('SIGKILL'), edge.kill('SIGKILL')]);
    expect(await backend(addresses[0])).toBe('core');
    await Promise.all([core.startEngine(), edge.startEngine()]);
    expect((await ready(edge)).addresses).toEqual(addresses);
    expect(await backend(addresses[0])).toBe('core');
    expect([relayPid(core), relayPid(edge)]).toEqual(pids);
  },
  LONG,
);

test(
  'taken back, it is gone on the other Mac too; unpaired, nothing is left',
  async () => {
    const { addresses } = await ready(edge);
    await core.json('tunnel', 'unexport', 'web');
    await eventually('no import', async () => (await tunnelOf(edge)).imports.length === 0, 30_000);
    await expect(backend(addresses[0])).rejects.toThrow();
    await edge.json('unpair', '--yes', '--force');
    await eventually('no tunnel', async () => (await edge.status()).tunnel === null, 30_000);
    await eventually('no relay', async () => !isThere(edge), 30_000);
  },
  LONG,
);

function isThere(rig: Rig): boolean {
  try {
    return relayPid(rig) !== null;
  } catch {
    return false;
  }
}
