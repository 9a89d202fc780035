import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fail, ok, TandemFailure, type Result } from '../../../src-shared/errors/result.ts';
import type { Pairing } from '../../../src-shared/world/peer.ts';
import type { Role } from '../../../src-shared/world/role.ts';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { pairWires, type PairWires } from '../../../test/doubles/pair-wires.ts';
import type { PairedPeer, PairWire } from '../ports.ts';
import { createPairing } from './pairing-room.ts';

const PINS = { core: '11'.repeat(32), edge: '22'.repeat(32), middle: '33'.repeat(32) };

let folder: string;
let time: ReturnType<typeof fakeTime>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-pairing-'));
  time = fakeTime();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A Mac: its room, and what it told and kept. */
function mac(name: keyof typeof PINS, over: { role?: Role; paired?: PairedPeer; storeFails?: boolean } = {}) {
  const told: (Pairing | null)[] = [];
  const self = {
    pin: PINS[name],
    told,
    accept: null as ((wire: PairWire) => void) | null,
    /** What the next dial finds. */
    finds: (): Promise<Result<PairWire>> => Promise.resolve(fail('pairingNotOpen')),
    listens: ok({ address: '127.0.0.1', port: 47_321 }) as Result<{ address: string; port: number }>,
    stored: [] as [PairedPeer, Role][],
    dialled: [] as string[],
    now: () => told.at(-1) ?? null,
  };
  const room = createPairing({
    clock: time.clock,
    scheduler: time.scheduler,
    identity: { keyPem: '', certificatePem: '', pin: PINS[name] },
    minors: { min: 0, max: 0 },
    lockFile: join(folder, `${name}-lock.json`),
    sessions: {
      setPairing: (accept) => void (self.accept = accept),
      dialForPairing: (host, port) => {
        self.dialled.push(`${host}:${port}`);
        return self.finds();
      },
    },
    ensureListening: () => Promise.resolve(self.listens),
    own: () => ({
      name: `Mac ${name}`,
      role: over.role ?? 'single',
      hasBattery: name === 'edge',
      port: 50_000,
    }),
    paired: () => over.paired ?? null,
    homeRouter: () => 'aa:bb:cc:dd:ee:ff',
    publish: (pairing) => void told.push(pairing),
    store: (peer, role) => {
      if (over.storeFails) return Promise.reject(new TandemFailure('diskFull', { path: 'x' }));
      self.stored.push([peer, role]);
      return Promise.resolve();
    },
  });
  return { ...self, room, mac: self };
}
type Mac = ReturnType<typeof mac>;

/** `dialler` finds `listener`, when its window is open. */
function joined(dialler: Mac, listener: Mac): PairWires {
  const wires = pairWires({ dialler: dialler.pin, listener: listener.pin });
  dialler.mac.finds = () => {
    if (!listener.mac.accept) return Promise.resolve(fail('pairingNotOpen'));
    listener.mac.accept(wires.listener);
    return Promise.resolve(ok(wires.dialler));
  };
  return wires;
}
async function compared(listener: Mac, dialler: Mac): Promise<PairWires> {
  const wires = joined(dialler, listener);
  expect(await listener.room.open()).toMatchObject({ ok: true, value: { stage: 'listening' } });
  expect(await dialler.room.dial('192.0.2.7:5000')).toMatchObject({ ok: true, value: { stage: 'dialling' } });
  await time.advance(0);
  return wires;
}
const lockedFor = (result: Result<unknown>) => (result.ok ? 0 : result.error.params['minutes']);

test('link 19: two Macs pair: the digits are the same, both are kept, the window closes', async () => {
  const [core, edge] = [mac('core'), mac('edge')];
  await compared(core, edge);
  expect(core.now()).toMatchObject({
    side: 'listener',
    stage: 'compare',
    listening: '127.0.0.1:47321',
    digits: expect.stringMatching(/^\d{6}$/) as string,
    peerName: 'Mac edge',
    peerPin: PINS.edge,
    role: 'core',
    expiresAt: '2026-01-01T00:01:00.000Z',
  });
  expect(edge.now()).toMatchObject({
    side: 'dialler',
    stage: 'compare',
    digits: core.now()?.digits,
    role: 'edge',
  });
  expect(edge.room.answer(true)).toMatchObject({ ok: true, value: { stage: 'waiting' } });
  expect(edge.room.answer(true)).toEqual(fail('nothingToAnswer'));
  await time.advance(30_000);
  expect(core.mac.stored).toEqual([]);
  core.room.answer(true);
  await time.advance(0);
  const common = {
    pairedAt: '2026-01-01T00:00:30.000Z',
    minor: 0,
    homeRouters: ['aa:bb:cc:dd:ee:ff'],
    refusedRouters: [],
  };
  expect(core.mac.stored).toEqual([
    [
      { ...common, pin: PINS.edge, name: 'Mac edge', role: 'edge', address: '127.0.0.2', port: 50_000 },
      'core',
    ],
  ]);
  expect(edge.mac.stored).toEqual([
    [{ ...common, pin: PINS.core, name: 'Mac core', role: 'core', address: '127.0.0.1', port: 5000 }, 'edge'],
  ]);
  expect([core.now()?.stage, edge.now()?.stage]).toEqual(['done', 'done']);
  expect([core.mac.accept, edge.mac.accept]).toEqual([null, null]);
  await time.advance(60_000);
  expect([core.now(), edge.now()]).toEqual([null, null]);
  expect(time.pending()).toBe(0);
});

test('link 19: a relay in the middle shows different digits on the two screens', async () => {
  const [core, edge, toCore, toEdge] = [mac('core'), mac('edge'), mac('middle'), mac('middle')];
  // Who relays has two connections of its own, with its own key at both ends.
  await compared(core, toCore);
  await compared(toEdge, edge);
  expect([core.now()?.stage, edge.now()?.stage]).toEqual(['compare', 'compare']);
  expect(core.now()?.digits).not.toBe(edge.now()?.digits);
  expect(core.now()?.peerPin).toBe(PINS.middle);
  edge.room.answer(false);
  await time.advance(0);
  expect(edge.now()).toMatchObject({ stage: 'failed', error: { code: 'pairingDifferent' } });
  expect(toEdge.now()).toMatchObject({ stage: 'failed', error: { code: 'pairingDeclined' } });
  expect(edge.mac.stored).toEqual([]);
});

test('link 19: a relay that passes everything on fails too: its frames belong to other connections', async () => {
  const [core, edge] = [mac('core'), mac('edge')];
  const toCore = pairWires({ dialler: PINS.middle, listener: PINS.core });
  const toEdge = pairWires({ dialler: PINS.edge, listener: PINS.middle });
  toCore.dialler.onFrame((frame) => toEdge.listener.send(frame));
  toEdge.listener.onFrame((frame) => toCore.dialler.send(frame));
  await core.room.open();
  core.mac.accept?.(toCore.listener);
  edge.mac.finds = () => Promise.resolve(ok(toEdge.dialler));
  await edge.room.dial('192.0.2.7');
  await time.advance(0);
  expect(core.now()).toMatchObject({ stage: 'failed', error: { code: 'pairingForged' } });
  expect(edge.now()).toMatchObject({ stage: 'failed', error: { code: 'pairingForged' } });
});

test('link 19: the 4th try is locked for ten minutes, a restart included', async () => {
  for (let round = 0; round < 3; round += 1) {
    const [core, edge] = [mac('core'), mac('edge')];
    await compared(core, edge);
    core.room.answer(false);
    await time.advance(0);
    await Promise.all([core.room.dispose(), edge.room.dispose()]);
  }
  const [core, edge] = [mac('core'), mac('edge')];
  expect(await core.room.open()).toEqual(fail('pairingLocked', { minutes: 10 }));
  expect(await edge.room.dial('192.0.2.7')).toEqual(fail('pairingLocked', { minutes: 10 }));
  expect(core.mac.accept).toBeNull();
  expect((await stat(join(folder, 'core-lock.json'))).mode & 0o777).toBe(0o600);
  await time.advance(9 * 60_000);
  expect(lockedFor(await mac('core').room.open())).toBe(1);
  await time.advance(60_000);
  expect((await core.room.open()).ok).toBe(true);
});

test('a pairing that works clears the failures before it', async () => {
  for (const same of [false, false, true, false, false]) {
    const [core, edge] = [mac('core'), mac('edge')];
    await compared(core, edge);
    core.room.answer(same);
    edge.room.answer(same);
    await time.advance(0);
    await Promise.all([core.room.dispose(), edge.room.dispose()]);
  }
  expect(JSON.parse(await readFile(join(folder, 'core-lock.json'), 'utf8'))).toMatchObject({
    failedAt: { length: 2 },
  });
  expect((await mac('core').room.open()).ok).toBe(true);
});

test('a cut in the middle stores nothing, and both can begin again at once', async () => {
  const [core, edge] = [mac('core'), mac('edge')];
  const wires = await compared(core, edge);
  edge.room.answer(true);
  wires.cut();
  for (const one of [core, edge])
    expect(one.now()).toMatchObject({ stage: 'failed', error: { code: 'pairingBroken' } });
  await compared(core, edge);
  core.room.answer(true);
  edge.room.answer(true);
  await time.advance(0);
  expect([core.mac.stored.length, edge.mac.stored.length]).toEqual([1, 1]);
});

test('while two compare, a third is told that it is busy, and a second verb too', async () => {
  const [core, edge, third] = [mac('core'), mac('edge'), mac('middle')];
  await compared(core, edge);
  joined(third, core);
  await third.room.dial('192.0.2.7');
  await time.advance(0);
  expect(third.now()).toMatchObject({ stage: 'failed', error: { code: 'pairingBusy' } });
  expect(await core.room.open()).toEqual(fail('pairingBusy'));
  expect(await edge.room.dial('192.0.2.9')).toEqual(fail('pairingBusy'));
  expect(core.now()?.stage).toBe('compare');
});

test('a verb that cannot begin changes nothing', async () => {
  const core = mac('core');
  expect(await core.room.dial('not an address')).toMatchObject({ error: { code: 'addressInvalid' } });
  core.mac.listens = fail('linkPortTaken', { port: 47_321 });
  expect(await core.room.open()).toEqual(fail('linkPortTaken', { port: 47_321 }));
  core.mac.listens = fail('noNetwork');
  expect(await core.room.dial('192.0.2.7')).toEqual(fail('noNetwork'));
  expect(core.room.answer(true)).toEqual(fail('nothingToAnswer'));
  expect(core.room.cancel()).toEqual(ok({}));
  expect(core.told).toEqual([]);
  expect(core.mac.dialled).toEqual([]);
});

test('a dial closes the own window; its failure is told; a cancelled one comes to nothing', async () => {
  const [core, edge] = [mac('core'), mac('edge')];
  await core.room.open();
  expect(core.mac.accept).not.toBeNull();
  await core.room.dial('192.0.2.7');
  expect(core.mac.accept).toBeNull();
  await time.advance(0);
  expect(core.now()).toMatchObject({ stage: 'failed', error: { code: 'pairingNotOpen' } });
  let answer: (wire: Result<PairWire>) => void = () => undefined;
  edge.mac.finds = () => new Promise((resolve) => (answer = resolve));
  await edge.room.dial('192.0.2.7');
  edge.room.cancel();
  expect(edge.now()).toBeNull();
  const wires = pairWires({ dialler: PINS.edge, listener: PINS.core });
  let closed = false;
  wires.listener.onClose(() => (closed = true));
  answer(ok(wires.dialler));
  await time.advance(0);
  expect([closed, edge.now()]).toEqual([true, null]);
});

test('the same Mac again: its address is new, the networks that were trusted stay', async () => {
  const paired: PairedPeer = {
    pin: PINS.edge,
    name: 'Mac edge',
    role: 'edge',
    pairedAt: '2025-01-01T00:00:00.000Z',
    minor: 0,
    address: '192.0.2.99',
    port: 1,
    homeRouters: [null, '192.0.2.1'],
    refusedRouters: ['aa:bb:cc:dd:ee:ff', 'x'],
  };
  const [core, edge] = [mac('core', { paired, role: 'core' }), mac('edge')];
  await compared(core, edge);
  core.room.answer(true);
  edge.room.answer(true);
  await time.advance(0);
  expect(core.mac.stored[0]?.[0]).toMatchObject({
    address: '127.0.0.2',
    homeRouters: ['aa:bb:cc:dd:ee:ff', null, '192.0.2.1'],
    refusedRouters: ['x'],
  });
});

test('a peer that cannot be kept is a failure with its reason', async () => {
  const [core, edge] = [mac('core', { storeFails: true }), mac('edge')];
  await compared(core, edge);
  edge.room.answer(true);
  core.room.answer(true);
  await time.advance(0);
  expect(core.now()).toMatchObject({ stage: 'failed', error: { code: 'diskFull', params: { path: 'x' } } });
});

test('nothing is left of a room that was disposed of', async () => {
  const [core, edge] = [mac('core'), mac('edge')];
  await compared(core, edge);
  await core.room.dispose();
  await edge.room.dispose();
  expect([core.mac.accept, edge.mac.accept, time.pending()]).toEqual([null, null, 0]);
  expect(await core.room.open()).toMatchObject({ ok: false });
});
