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

const HOST = '127.0.0.1';
const { mac, listens, pair, blackHole, close } = street();
afterEach(close);

describe('a session', () => {
  test('stands on both ends with one id, one minor version and equal keys', async () => {
    const { core, edge, port } = await pair();
    const [here, there] = [core.sessions.current(), edge.sessions.current()];
    expect(here?.id).toBe(there?.id);
    expect([here?.minor, there?.minor]).toEqual([2, 2]);
    expect([here?.incoming, there?.incoming]).toEqual([true, false]);
    expect([here?.peer.appStartId, there?.peer.appStartId]).toEqual(['edge-1', 'core-1']);
    expect(there?.remotePort).toBe(port);
    const key = here?.exportKey('EXPORTER-tandem-udp', 32);
    expect(key).toHaveLength(32);
    expect(key?.equals(there?.exportKey('EXPORTER-tandem-udp', 32) ?? Buffer.alloc(0))).toBe(true);
    expect(key?.equals(here?.exportKey('EXPORTER-another', 32) ?? Buffer.alloc(0))).toBe(false);
    expect([core.minors, edge.minors]).toEqual([[2], [2]]);
  });

  test('carries frames both ways, and a CMD that is said twice is done once', async () => {
    const { core, edge } = await pair();
    const id = '7f3d2a10-1111-4222-8333-944455556666';
    const command = { type: 'CMD', id, command: 'leave', name: null } as const;
    expect(core.sessions.current()?.send(command)).toBe(true);
    core.sessions.current()?.send(command);
    expect(await until(() => edge.frames.length > 0)).toBe(true);
    const result = { type: 'CMD_RESULT', id, ok: true, error: null } as const;
    edge.sessions.current()?.send(result);
    await until(() => core.frames.length > 0);
    core.sessions.current()?.send(command);
    // The second of the first two may come before the edge has answered, or after: one answer more.
    expect(await until(() => core.frames.length >= 2)).toBe(true);
    expect(new Set(core.frames.map((frame) => JSON.stringify(frame)))).toEqual(
      new Set([JSON.stringify(result)]),
    );
    expect(edge.frames).toEqual([command]);
  });

  test('refuses a frame over 64 KiB and one after its end', async () => {
    const { core } = await pair();
    const session = core.sessions.current();
    expect(session?.send({ type: 'HANDOFF', payload: 'x'.repeat(70_000) })).toBe(false);
    core.sessions.setPeer(null);
    expect(session?.send({ type: 'UNPAIR' })).toBe(false);
  });

  test('stops taking frames when more than 1 MiB waits', async () => {
    const { core } = await pair();
    const frame = { type: 'HANDOFF', payload: 'x'.repeat(60_000) } as const;
    // Nothing leaves while this turn of the loop lasts, but what the kernel takes.
    const taken = Array.from({ length: 300 }, () => core.sessions.current()?.send(frame) === true);
    expect(taken.indexOf(false)).toBeGreaterThan(16);
    expect(taken.slice(taken.indexOf(false))).not.toContain(true);
  });

  test('is told as bye, unpaired or closed when the other side ends it', async () => {
    const ended = async (act: (edge: TestMac) => void) => {
      const { core, edge } = await pair();
      act(edge);
      await until(() => core.frames.length > 0, 100);
      await edge.sessions.dispose();
      await until(() => core.ends.length > 0);
      await core.sessions.dispose();
      return core.ends;
    };
    const bye = { type: 'BYE', reason: 'quit', drainDone: true, expectReturnSeconds: null } as const;
    expect(await ended((edge) => edge.sessions.current()?.send(bye))).toEqual(['bye']);
    expect(await ended((edge) => edge.sessions.current()?.send({ type: 'UNPAIR' }))).toEqual(['unpaired']);
    expect(await ended(() => undefined)).toEqual(['closed']);
  });

  test('comes again by itself after its connection is lost', async () => {
    const { core, edge } = await pair();
    core.sessions.setPeer(null);
    expect(await until(() => edge.ends.length === 1)).toBe(true);
    core.sessions.setPeer(pairedWith(edge.identity, { role: 'edge' }));
    expect(await until(() => edge.stood.length === 2)).toBe(true);
  });

  test('lives on when this Mac listens elsewhere', async () => {
    const { core, edge } = await pair();
    await core.sessions.stopListening();
    await listens(core);
    await pause(50);
    expect([core.ends, edge.ends, edge.stood.length]).toEqual([[], [], 1]);
  });
});

describe('of two connections', () => {
  test('the newest counts on both ends, whoever dialled', async () => {
    const { core, edge } = await pair();
    const edgePort = await listens(edge);
    core.candidates = [{ host: HOST, port: edgePort }];
    core.sessions.dialNow();
    expect(await until(() => core.stood.length === 2 && edge.stood.length === 2)).toBe(true);
    await pause(100);
    expect(core.sessions.current()?.incoming).toBe(false);
    expect(core.sessions.current()?.id).toBe(edge.sessions.current()?.id);
    expect([core.ends, edge.ends]).toEqual([[], []]);
  });

  test('both ends agree when both dial at the same moment, twenty times', async () => {
    const { core, edge } = await pair();
    core.candidates = [{ host: HOST, port: await listens(edge) }];
    for (let turn = 0; turn < 20; turn += 1) {
      core.sessions.dialNow();
      edge.sessions.dialNow();
      await pause(120);
      const idOf = (one: TestMac) => one.sessions.current()?.id;
      const agreed = () => idOf(core) !== undefined && idOf(core) === idOf(edge);
      expect(await until(agreed)).toBe(true);
    }
    expect([core.ends, edge.ends]).toEqual([[], []]);
  });

  test('in doubt it dials anew although one stands, and once is enough', async () => {
    const { core, edge } = await pair();
    await pause(400);
    expect(edge.stood).toHaveLength(1);
    edge.sessions.setDoubt(true);
    expect(await until(() => core.stood.length > 1 && edge.stood.length > 1)).toBe(true);
    edge.sessions.setDoubt(true);
    await pause(1200);
    expect([core.stood.length, edge.stood.length]).toEqual([2, 2]);
    edge.sessions.setDoubt(false);
    expect([core.ends, edge.ends]).toEqual([[], []]);
  });

  test('link 16: a connection that hangs half-open gives way within a second', async () => {
    const relay = await blackHole();
    const core = mac(makeIdentity(), helloData({ role: 'core' }));
    const edge = mac(makeIdentity(), helloData({ role: 'edge' }));
    relay.to(await listens(core));
    core.sessions.setPeer(pairedWith(edge.identity, { role: 'edge' }));
    edge.candidates = [{ host: HOST, port: relay.port }];
    edge.sessions.setPeer(pairedWith(core.identity, { role: 'core' }));
    await until(() => core.stood.length > 0 && edge.stood.length > 0);
    relay.swallow();
    const began = performance.now();
    edge.candidates = [{ host: HOST, port: await listens(core) }];
    edge.sessions.dialNow();
    expect(await until(() => core.stood.length === 2 && edge.stood.length === 2)).toBe(true);
    expect(performance.now() - began).toBeLessThan(1000);
    expect(core.sessions.current()?.id).toBe(edge.sessions.current()?.id);
    expect([core.ends, edge.ends]).toEqual([[], []]);
  });
});
