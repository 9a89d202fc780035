import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock, systemScheduler } from '../../src-engine/platform/clock.ts';
import { makePrivateFolder } from '../../src-engine/platform/files.ts';
import { homeAt, type Home } from '../../src-engine/platform/home.ts';
import { silentLog } from '../../src-engine/platform/log.ts';
import { refOf, isAlive } from '../../src-engine/platform/processes.ts';
import { endTraffic } from '../../src-engine/settings/reset-traffic.ts';
import type { GateWish } from '../../src-engine/traffic/gate/gate-config.ts';
import { gateProcess, type GateProcess } from '../../src-engine/traffic/gate/gate-process.ts';
import { macIdentity, openWorkload, textOf, until } from '../doubles/gate-bench.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';

const program = fileURLToPath(new URL('../../out/engine/front.js', import.meta.url));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** An edge: a home, a workload that notes what it executes, and the gate's process in front of it. */
async function edge(bootId = 'boot-1') {
  const home = homeAt(temporaryFolder('gate-home'));
  await makePrivateFolder(home.run);
  const [core, own] = [macIdentity(), macIdentity()];
  const ownPemFile = join(home.root, 'own.pem');
  writeFileSync(ownPemFile, own.key + own.cert, { mode: 0o600 });
  const executed: string[] = [];
  const workload = await openWorkload((request, response) => {
    textOf(request).then(
      () => {
        executed.push(request.url ?? '');
        response.end('done');
      },
      () => undefined,
    );
  });
  const wish: GateWish = {
    listen: { host: '127.0.0.1', port: await freePort() },
    upstream: { host: '127.0.0.1', port: workload.port, healthPath: '/health' },
    tls: { ownPemFile, peerPin: core.pin },
  };
  const gate = gateOf(home, bootId);
  onTestFinished(() => gate.dispose('stop'));
  const dial = (): TLSSocket => {
    const { key, cert } = core;
    const socket = connect({ ...wish.listen, key, cert, rejectUnauthorized: false });
    socket.on('error', () => undefined);
    // Who does not read never sees the end.
    socket.resume();
    onTestFinished(() => void socket.destroy());
    return socket;
  };
  return { home, wish, gate, workload, executed, dial };
}

function gateOf(home: Home, bootId: string): GateProcess {
  const ports = { home, clock: systemClock, scheduler: systemScheduler, log: silentLog, program, bootId };
  return gateProcess(ports);
}

async function stateOf(gate: GateProcess) {
  const state = await gate.state();
  return state.ok ? state.value : null;
}

async function serves({ gate, wish }: { gate: GateProcess; wish: GateWish }): Promise<void> {
  expect(await gate.open(wish)).toEqual({ ok: true, value: undefined });
  await gate.setReady(true, null);
  await until(async () => (await stateOf(gate))?.ready === true);
}

const post = (path: string): string => `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx`;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Stops the gate, lets POSTs of the core wait for it, and lets it go on after `pausedMs`. */
async function stoppedFor(pausedMs: number) {
  const mac = await edge();
  await serves(mac);
  const { gate, dial, executed } = mac;
  const kept = Array.from({ length: 20 }, dial);
  for (const [index, socket] of kept.entries()) socket.write(post(`/before-${index}`));
  await until(() => executed.length === 20);
  process.kill(gate.pid() ?? 0, 'SIGSTOP');
  for (const [index, socket] of kept.entries()) socket.write(post(`/kept-${index}`));
  // Their handshakes wait, too.
  for (let index = 0; index < 10; index += 1) dial().write(post(`/new-${index}`));
  await pause(pausedMs);
  // Half of the clients have given up and say so; of the others the core only knows.
  for (const socket of kept.slice(0, 10)) socket.destroy();
  process.kill(gate.pid() ?? 0, 'SIGCONT');
  return { ...mac, kept };
}

test('after a pause of the process nothing that waited is executed, and it stays out until it is told', async () => {
  const { gate, executed, kept } = await stoppedFor(2600);
  await until(() => kept.every(({ destroyed }) => destroyed));
  await pause(1000);
  expect(executed.filter((path) => !path.startsWith('/before'))).toEqual([]);
  expect(await stateOf(gate)).toMatchObject({ ready: false, notReady: 'paused', inFlight: 0, trips: 1 });
  // A gate that dies now comes back as it was.
  const before = gate.pid();
  process.kill(before ?? 0, 'SIGKILL');
  await until(async () => gate.pid() !== before && (await stateOf(gate))?.notReady === 'paused');
  await gate.setReady(true, null);
  await until(async () => (await stateOf(gate))?.ready === true);
});

test('the same with a short pause: they are executed, so the test above can fail', async () => {
  const { executed } = await stoppedFor(1000);
  await until(
    () =>
      executed.some((path) => path.startsWith('/kept')) && executed.some((path) => path.startsWith('/new')),
  );
});

test('a core that says nothing for two seconds loses what it holds', async () => {
  const mac = await edge();
  await serves(mac);
  const socket = mac.dial();
  socket.write(post('/once'));
  await until(() => mac.executed.length === 1);
  await until(() => socket.destroyed);
  expect(await stateOf(mac.gate)).toMatchObject({ notReady: 'paused', trips: 1 });
});

test('it outlives its engine, is adopted with another configuration, and ends with a reset', async () => {
  const mac = await edge();
  await serves(mac);
  const { gate, home, wish } = mac;
  const pid = gate.pid() ?? 0;
  await gate.dispose('keep');
  const next = gateOf(home, 'boot-1');
  const upstream = { ...wish.upstream, healthPath: '/nothing' };
  expect(await next.open({ ...wish, upstream })).toEqual({ ok: true, value: undefined });
  expect(next.pid()).toBe(pid);
  expect(await stateOf(next)).toMatchObject({ pid, connections: 0 });
  await next.dispose('keep');
  const ref = await refOf(pid);
  expect(await endTraffic(home)).toEqual(['gate']);
  expect(ref !== null && (await isAlive(ref))).toBe(false);
});

test('a new gate stays out; one that was leaving leaves on after a death; another boot stays out', async () => {
  const mac = await edge();
  const { gate, home, wish } = mac;
  await gate.open(wish);
  expect(await stateOf(gate)).toMatchObject({ ready: false, notReady: 'stayOut' });
  await gate.setReady(false, 'leaving');
  const before = gate.pid();
  const killedMs = performance.now();
  process.kill(before ?? 0, 'SIGKILL');
  await until(() => gate.pid() !== null && gate.pid() !== before);
  console.log(`gate: back after ${Math.round(performance.now() - killedMs)} ms`);
  expect(await stateOf(gate)).toMatchObject({ notReady: 'leaving' });
  await gate.setReady(true, null);
  await gate.dispose('stop');
  expect(existsSync(join(home.run, 'gate.json'))).toBe(false);
  const rebooted = gateOf(home, 'boot-2');
  onTestFinished(() => rebooted.dispose('stop'));
  await rebooted.open(wish);
  expect(await stateOf(rebooted)).toMatchObject({ ready: false, notReady: 'stayOut' });
});

test('a port that is taken is named, and had as soon as it is free', async () => {
  const { gate, wish } = await edge();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(wish.listen.port, '127.0.0.1', resolve));
  const error = { code: 'gatePortTaken', params: { address: '127.0.0.1', port: wish.listen.port } };
  expect(await gate.open(wish)).toEqual({ ok: false, error });
  expect(await gate.state()).toEqual({ ok: false, error });
  // Out is remembered for it.
  await gate.setReady(false, 'leaving');
  await new Promise((resolve) => other.close(resolve));
  await until(async () => (await stateOf(gate))?.notReady === 'leaving');
});
