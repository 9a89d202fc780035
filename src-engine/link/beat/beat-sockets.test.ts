import { createSocket, type Socket } from 'node:dgram';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { beatListener, sessionEnds } from '../../../test/doubles/beats.ts';
import { defaultSettings } from '../../../src-shared/settings.ts';
import { systemClock, systemScheduler } from '../../platform/clock.ts';
import { createBeat } from './beat.ts';
import { unknownFacts } from './beat-body.ts';
import type { Beat } from './beat-ports.ts';
import type { Endpoint } from './beat-socket.ts';

const beats: Beat[] = [];
afterEach(() => beats.splice(0).forEach((beat) => beat.dispose()));

function make() {
  const { told, events } = beatListener();
  const unbound: (string | null)[] = [];
  const beat = createBeat({
    clock: systemClock,
    scheduler: systemScheduler,
    facts: () => unknownFacts,
    limits: () => defaultSettings.link,
    onBattery: () => false,
    events: { ...events, onUnbound: (code) => void unbound.push(code) },
  });
  beats.push(beat);
  return { beat, told, unbound };
}

async function bound(address: string): Promise<Socket> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  return socket;
}

async function freeEnd(address: string): Promise<Endpoint> {
  const socket = await bound(address);
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return { address, port };
}

async function until(holds: () => boolean, limitMs = 3000): Promise<void> {
  for (const end = performance.now() + limitMs; performance.now() < end;) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`not within ${limitMs} ms`);
}

function block(forMs: number): void {
  for (const end = performance.now() + forMs; performance.now() < end;);
}

async function pairUp() {
  const [own, peer] = [await freeEnd('127.0.0.1'), await freeEnd('127.0.0.2')];
  const [a, b] = [make(), make()];
  const [dialled, incoming] = sessionEnds(9n);
  a.beat.setSession(dialled, own, peer);
  b.beat.setSession(incoming, peer, own);
  await until(() => a.beat.now().phase === 'up' && b.beat.now().phase === 'up');
  return { a, b };
}

it('link 9: a peer that is gone is a hint at once, from its kernel', async () => {
  const { a, b } = await pairUp();
  b.beat.dispose();
  await until(() => a.told.phases.at(-1)?.phase === 'suspect', 600);
  a.beat.crashed();
  await until(() => a.told.phases.at(-1)?.phase === 'down', 600);
  expect(a.told.phases.at(-1)?.cause).toBe('crashed');
  expect(a.told.errors).toEqual([]);
});

/** Hears in a thread of its own, and tells how many datagrams it has had. */
const EAR = `
  const { parentPort, workerData } = require('node:worker_threads');
  const socket = require('node:dgram').createSocket('udp4');
  const count = new Int32Array(workerData);
  socket.on('message', () => Atomics.add(count, 0, 1));
  socket.bind(0, '127.0.0.2', () => parentPort.postMessage(socket.address().port));
`;

it('link 15: a good-bye leaves although the loop is blocked for a second right after it', async () => {
  const shared = new SharedArrayBuffer(4);
  const ear = new Worker(EAR, { eval: true, workerData: shared });
  const heard = () => Atomics.load(new Int32Array(shared), 0);
  const port = await new Promise<number>((resolve) => ear.once('message', resolve));
  const { beat } = make();
  const [dialled] = sessionEnds(1n);
  beat.setSession(dialled, await freeEnd('127.0.0.1'), { address: '127.0.0.2', port });
  await until(() => heard() > 0);
  const before = heard();
  beat.bye({ reason: 'sleep', drainDone: false, expectReturnSeconds: null });
  block(300);
  expect(heard() - before).toBe(3);
  await ear.terminate();
});

it('link 13: a stall of 2 s of this process is its own pause and no alarm', async () => {
  const { a, b } = await pairUp();
  block(2000);
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(a.told.pauses[0]?.lastedMs).toBeGreaterThan(1700);
  expect(a.told.phases.map(({ phase }) => phase)).not.toContain('down');
  expect(b.beat.now().phase).toBe('up');
});

it('a port that is taken is told once, and when it is bound', async () => {
  const [taken, peer] = [await bound('127.0.0.1'), await bound('127.0.0.2')];
  let heard = 0;
  peer.on('message', () => (heard += 1));
  const { beat, told, unbound } = make();
  const [dialled] = sessionEnds(3n);
  const own = { address: '127.0.0.1', port: taken.address().port };
  beat.setSession(dialled, own, { address: '127.0.0.2', port: peer.address().port });
  await until(() => told.errors.includes('EADDRINUSE'));
  // Once more in vain, a second later.
  await until(() => told.errors.length > 1);
  expect(unbound).toEqual(['EADDRINUSE']);
  expect(heard).toBe(0);
  await new Promise<void>((resolve) => taken.close(resolve));
  await until(() => heard > 0);
  expect(unbound).toEqual(['EADDRINUSE', null]);
  await new Promise<void>((resolve) => peer.close(resolve));
});

it('a port that is taken is no trouble any more once the other Mac is forgotten', async () => {
  const taken = await bound('127.0.0.1');
  const { beat, unbound } = make();
  const [dialled] = sessionEnds(5n);
  const own = { address: '127.0.0.1', port: taken.address().port };
  beat.setSession(dialled, own, { address: '127.0.0.2', port: 1 });
  await until(() => unbound.length > 0);
  beat.forget();
  expect(unbound).toEqual(['EADDRINUSE', null]);
  await new Promise<void>((resolve) => taken.close(resolve));
});

it('junk from the right address changes nothing', async () => {
  const peer = await bound('127.0.0.2');
  const own = await freeEnd('127.0.0.1');
  const { beat, told } = make();
  const [dialled] = sessionEnds(4n);
  beat.setSession(dialled, own, { address: '127.0.0.2', port: peer.address().port });
  await new Promise((resolve) => peer.once('message', resolve));
  for (let index = 0; index < 1000; index += 1)
    peer.send(Buffer.alloc(index % 200, index), own.port, own.address);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(told).toEqual({ phases: [], byes: [], leaves: [], facts: [], pauses: [], errors: [] });
  expect(beat.now()).toMatchObject({ phase: 'never', silenceMs: null, lastSeqSeen: null });
  await new Promise<void>((resolve) => peer.close(resolve));
});
