import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePorts } from '../../src-demo/free-ports.ts';
import { systemTools, type Tools } from '../../src-engine/platform/tools.ts';
import { launchdManager } from '../../src-engine/service/managers.ts';
import type { ServiceStatus } from '../../src-shared/commands/service.ts';
import type { Handoff } from '../../src-shared/world/handoff.ts';
import type { World } from '../../src-shared/world/world.ts';
import { commandOfPlist, commandOfUnit, type ServiceCommand } from '../doubles/service-files.ts';
import { eventually, openRig, type Rig } from './tandem.ts';

// After a kill of everything, the command of the installed unit (and of the plist) is run as its manager would: the
// front is back with the weights of the record. The manager itself is a double: it writes down what it is told.
let core: Rig;
let edge: Rig;
let front: string;
let pids: number[] = [];
const services = new Set<ChildProcess>();
beforeAll(async () => {
  const [coreLink = 0, edgeLink = 0, listen = 0, gate = 0, coreHost = 0, edgeHost = 0] = await freePorts(6);
  front = `http://127.0.0.1:${listen}/`;
  const home = (role: 'core' | 'edge', port: number, hostPort: number, traffic: object): Rig => {
    const rig = openRig({ TANDEM_TIME_SCALE: '10' });
    const cluster = { name: role, provider: 'embedded', hostPort };
    const link = { address: '127.0.0.1', port, discovery: false };
    writeFileSync(join(rig.home, 'engine.json'), JSON.stringify({ role, cluster, link, traffic }), {
      mode: 0o600,
    });
    rig.env['PATH'] = `${fakeManager(rig.home)}:${rig.env['PATH'] ?? ''}`;
    return rig;
  };
  core = home('core', coreLink, coreHost, { listen: `127.0.0.1:${listen}` });
  edge = home('edge', edgeLink, edgeHost, { gateListen: `127.0.0.1:${gate}` });
  edge.vitals.battery(80, { onAC: true });
  pids = await Promise.all([core, edge].map((rig) => rig.startEngine()));
  await Promise.all([core, edge].map((rig) => rig.json('cluster', 'create', '--provider', 'embedded')));
  const waits = core.begin('pair', '--yes');
  await eventually('a window that is open', async () => (await core.status()).link.pairing !== null);
  await edge.json('pair', `127.0.0.1:${coreLink}`, '--yes');
  await waits.done;
  await serving();
}, 180_000);
afterAll(async () => {
  for (const child of services) child.kill('SIGTERM');
  await eventually('every service gone', async () => [...services].every((child) => hasEnded(child)));
  await edge?.close();
  await core?.close();
}, 60_000);

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

/**
 * systemctl and loginctl that answer well and note their words; the session does not linger. A restart ends the engine
 * that is the unit (`unit.pid`) and waits for its end, as systemd does.
 */
function fakeManager(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const unit = join(folder, 'unit.pid');
  const lines = [
    '#!/bin/sh',
    `echo "$@" >> "${join(folder, 'told')}"`,
    `if [ "$2" = restart ] && [ -f "${unit}" ]; then`,
    `  pid=$(cat "${unit}") && rm "${unit}" && kill "$pid"`,
    '  while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done',
    'fi',
    '',
  ];
  writeFileSync(join(bin, 'systemctl'), lines.join('\n'));
  writeFileSync(join(bin, 'loginctl'), '#!/bin/sh\necho Linger=no\n');
  for (const name of ['systemctl', 'loginctl']) chmodSync(join(bin, name), 0o755);
  return bin;
}

const serving = () =>
  eventually(
    'the edge with its share',
    async () => {
      const { handoff, traffic } = await core.status();
      return handoff?.state === 'SERVING' && traffic?.weights.edge === 80;
    },
    120_000,
  );

/** A session's surroundings, and nothing of the engine that was killed. The sensors are files, as in every test. */
function startAs({ words: [program = '', ...args], env }: ServiceCommand, rig: Rig): void {
  const { HOME = '', VITALS_ROOT = '', TANDEM_TIME_SCALE = '' } = rig.env;
  const session = { HOME, PATH: '/usr/local/bin:/usr/bin:/bin' };
  const child = spawn(program, args, {
    env: { ...session, VITALS_ROOT, TANDEM_TIME_SCALE, ...env },
    stdio: 'ignore',
  });
  services.add(child);
  pids.push(child.pid ?? 0);
}

/** Where each unit was written. An engine that a service started does not see the double any more. */
const units = new Map<Rig, string>();

async function install(rig: Rig): Promise<ServiceStatus> {
  const status = await rig.json<ServiceStatus>('service', 'install');
  units.set(rig, status.file ?? '');
  return status;
}

const installed = (rig: Rig): ServiceCommand => commandOfUnit(readFileSync(units.get(rig) ?? '', 'utf8'));

const pidIn = (rig: Rig, name: string): number =>
  (JSON.parse(readFileSync(join(rig.home, 'run', `${name}.json`), 'utf8')) as { pid: number }).pid;

/** Both engines, the front and the gate: at once, without a word. */
async function killEverything(): Promise<void> {
  for (const pid of [...pids, pidIn(core, 'front'), pidIn(edge, 'gate')]) process.kill(pid, 'SIGKILL');
  pids = [];
  await eventually('nobody at the front', async () => (await answers(1)).length === 0);
}

/** Who answered so many requests, one after another; those that failed are left out. */
async function answers(count: number): Promise<string[]> {
  const seen: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const answer = await fetch(front).catch(() => null);
    if (answer?.status === 200) seen.push(answer.headers.get('x-tandem-backend') ?? 'none');
  }
  return seen;
}

const firstTraffic = () =>
  eventually('a front that is up', async () => {
    const ran = await core.tandem('status', '--json');
    const world = ran.code === 0 ? (JSON.parse(ran.stdout) as World) : null;
    return world?.traffic?.state === 'up' && world.traffic;
  });

test('install writes a unit, enables it and starts it; a session that does not linger is said with its mending', async () => {
  const status = await install(core);
  await install(edge);
  expect(status).toMatchObject({ manager: 'systemd', installed: true, active: true, lingers: false });
  expect(readFileSync(join(core.home, 'told'), 'utf8')).toMatch(
    /enable tandem-.*\.service\n.*restart tandem-.*\.service/,
  );
  expect((await core.tandem('service', 'status')).stdout).toContain('loginctl enable-linger');
  expect((await core.tandem('doctor')).stdout).toContain('loginctl enable-linger');
}, 60_000);

test('installed again while its engine is the unit: that engine is ended by it, and the answer comes', async () => {
  writeFileSync(join(core.home, 'unit.pid'), String(pids[0]));
  expect(await install(core)).toMatchObject({ installed: true, active: true });
  pids[0] = await core.startEngine();
  await serving();
}, 180_000);

test('killed while serving: the units bring back front and gate, and 80 % goes to the edge', async () => {
  await killEverything();
  // A core that hears nobody takes the edge for gone, and is right.
  startAs(installed(edge), edge);
  await eventually('an edge that can be heard', async () => (await edge.tandem('status')).code === 0);
  startAs(installed(core), core);
  expect((await firstTraffic()).weights).toEqual({ core: 20, edge: 80 });
  await serving();
  const seen = await answers(50);
  expect([seen.length, seen.filter((side) => side === 'edge').length]).toEqual([50, 40]);
}, 120_000);

test('killed while the edge is away: the plist brings back a front that gives it nothing', async () => {
  await core.json<Handoff>('leave');
  const plan = installed(core);
  const [program = '', ...args] = plan.words;
  // launchd is not here: what it would read is written by the same code, and it is told nothing.
  const told: Tools = {
    ...systemTools,
    run: async () => ({ exitCode: 0, stdout: '', stderr: '', failure: null }),
  };
  const launchd = launchdManager({
    tools: told,
    userFolder: core.home,
    configFolder: null,
    homeId: 'test',
    uid: 501,
  });
  await launchd.install({ program, args, env: plan.env, logs: join(core.home, 'logs') });
  const plist = commandOfPlist(readFileSync(launchd.file, 'utf8'));
  expect(plist).toEqual(plan);
  await killEverything();
  startAs(plist, core);
  startAs(installed(edge), edge);
  expect((await firstTraffic()).weights).toEqual({ core: 100, edge: 0 });
  expect(new Set(await answers(50))).toEqual(new Set(['core']));
  expect((await core.status()).handoff?.state).toBe('OFFLINE');
}, 180_000);
