import { afterEach, describe, expect, test } from 'vitest';
import {
  helloData,
  makeIdentity,
  pairedWith,
  pause,
  until,
  type TestMac,
} from '../../../test/rig/link-security/mac.ts';
import { street } from '../../../test/rig/link-security/street.ts';
import { probeHandshake } from './probe-handshake.ts';

const HOST = '127.0.0.1';
const { mac, listens, otherServer, pair, deadPort, close } = street();
afterEach(close);

describe('refusals that a person hears of', () => {
  test('another key at the known address is peerKeyChanged here and peerKeyUnknown there', async () => {
    const core = mac();
    const edge = mac();
    const port = await listens(core);
    core.sessions.setPeer(pairedWith(makeIdentity()));
    edge.candidates = [{ host: HOST, port }];
    edge.sessions.setPeer(pairedWith(makeIdentity(), { role: 'core', address: HOST }));
    expect(await until(() => edge.refused.length > 0)).toBe(true);
    expect(edge.refused).toEqual([
      { code: 'peerKeyChanged', params: { address: HOST, pin: core.identity.pin.slice(0, 8) } },
    ]);
    // It dials on, and says so once a minute.
    await pause(600);
    expect(edge.refused).toHaveLength(1);
    expect(edge.stood).toEqual([]);
    expect(core.stood).toEqual([]);
  });

  test('a stranger with a key of his own is peerKeyUnknown, once', async () => {
    const core = mac();
    const port = await listens(core);
    core.sessions.setPeer(pairedWith(makeIdentity()));
    const stranger = mac();
    stranger.candidates = [{ host: HOST, port }];
    stranger.sessions.setPeer(pairedWith(core.identity, { role: 'core' }));
    await until(() => core.refused.length > 0);
    await pause(600);
    expect(core.refused).toEqual([
      { code: 'peerKeyUnknown', params: { address: HOST, pin: stranger.identity.pin.slice(0, 8) } },
    ]);
    expect(stranger.stood).toEqual([]);
  });

  test.each([
    ['the edge is old', 1, 3, 'peerIsOld', 'selfIsOld'],
    ['the core is old', 3, 1, 'selfIsOld', 'peerIsOld'],
  ])('%s: each side says which', async (_what, edgeMinor, coreMinor, atCore, atEdge) => {
    const version = (minor: number) => helloData({ protoMin: minor, protoMax: minor });
    const core = mac(makeIdentity(), version(coreMinor));
    const edge = mac(makeIdentity(), version(edgeMinor));
    const port = await listens(core);
    core.sessions.setPeer(pairedWith(edge.identity, { minor: 0 }));
    edge.candidates = [{ host: HOST, port }];
    edge.sessions.setPeer(pairedWith(core.identity, { role: 'core', minor: 0 }));
    expect(await until(() => core.refused.length > 0 && edge.refused.length > 0)).toBe(true);
    const [theirs, ours] = [`1.${edgeMinor}`, `1.${coreMinor}`];
    expect(core.refused).toEqual([{ code: atCore, params: { theirs, ours } }]);
    expect(edge.refused).toEqual([{ code: atEdge, params: { theirs: ours, ours: theirs } }]);
    expect([...core.stood, ...edge.stood]).toEqual([]);
  });
});

describe('listening', () => {
  test('on a taken port is linkPortTaken, on an address of nobody noNetwork', async () => {
    const first = mac();
    const port = await listens(first);
    const second = mac();
    const taken = await second.sessions.listen(HOST, port);
    expect(taken).toEqual({ ok: false, error: { code: 'linkPortTaken', params: { address: HOST, port } } });
    const foreign = await second.sessions.listen('192.0.2.77', 0);
    expect(foreign.ok ? null : foreign.error.code).toBe('noNetwork');
    await first.sessions.stopListening();
    expect((await second.sessions.listen(HOST, port)).ok).toBe(true);
  });
});

describe('dialling for a pairing', () => {
  const code = async (one: TestMac, port: number) => {
    const result = await one.sessions.dialForPairing(HOST, port);
    if (result.ok) result.value.close();
    return result.ok ? 'ok' : result.error.code;
  };

  test('finds an open window, and both see the key of the other', async () => {
    const [one, other] = [mac(), mac()];
    const port = await listens(other);
    const heard: unknown[] = [];
    const pins: string[] = [];
    other.sessions.setPairing((wire) => {
      pins.push(wire.remotePin);
      wire.onFrame((frame) => {
        heard.push(frame);
        wire.send({ echo: frame });
      });
    });
    const result = await one.sessions.dialForPairing(HOST, port);
    if (!result.ok) throw new Error(result.error.code);
    const echoed: unknown[] = [];
    result.value.onFrame((frame) => echoed.push(frame));
    result.value.send({ type: 'COMMIT' });
    expect(await until(() => echoed.length === 1)).toBe(true);
    expect([heard, echoed]).toEqual([[{ type: 'COMMIT' }], [{ echo: { type: 'COMMIT' } }]]);
    expect([pins, result.value.remotePin]).toEqual([[one.identity.pin], other.identity.pin]);
    // A person compares digits for longer than a HELLO may take.
    await pause(2200);
    result.value.send({ type: 'CONFIRM' });
    expect(await until(() => heard.length === 2)).toBe(true);
    result.value.close();
  });

  test('says why when there is none', async () => {
    const [one, other] = [mac(), mac()];
    const port = await listens(other);
    expect(await code(one, port)).toBe('pairingNotOpen');
    other.sessions.setPeer(pairedWith(makeIdentity()));
    expect(await code(one, port)).toBe('pairingNotOpen');
    expect(await code(one, await otherServer((socket) => socket.end('SSH-2.0-Other\r\n')))).toBe(
      'peerNotTandem',
    );
    expect(await code(one, await otherServer((socket) => socket.destroy()))).toBe('peerNotTandem');
    await other.sessions.stopListening();
    expect(await code(one, port)).toBe('peerUnreachable');
    const began = performance.now();
    expect(await code(one, await otherServer(() => undefined))).toBe('peerUnreachable');
    expect(performance.now() - began).toBeLessThan(3500);
  });

  test('knows itself, its window open or not', async () => {
    const one = mac();
    const port = await listens(one);
    expect(await code(one, port)).toBe('ownAddress');
    one.sessions.setPairing((wire) => wire.close());
    expect(await code(one, port)).toBe('ownAddress');
  });
});

describe('probeHandshake', () => {
  test('tells a program that answers from one that hangs, one that is gone and another one', async () => {
    const { core, edge, port } = await pair();
    const probe = async (at: number) => (await probeHandshake(HOST, at, edge.identity, 300)).outcome;
    expect(await probe(port)).toBe('ok');
    expect(await probe(await otherServer(() => undefined))).toBe('hung');
    expect(await probe(await otherServer((socket) => socket.destroy()))).toBe('closed');
    expect(await probe(await otherServer((socket) => socket.end('hello\r\n')))).toBe('closed');
    expect(await probe(await deadPort())).toBe('refused');
    await pause(50);
    expect([core.refused, core.ends, core.stood.length]).toEqual([[], [], 1]);
  });
});
