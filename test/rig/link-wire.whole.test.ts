import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openLab, type Lab } from './net/lab.ts';
import {
  CORE_ADDRESS,
  EDGE_ADDRESS,
  GATEWAY_ADDRESS,
  makeNamespace,
  sweepLeftovers,
  type Namespace,
} from './net/namespaces.ts';
import { talk, type Heard } from './net/talk.ts';
import { onTheWire, sleep, testInRig } from './net/tiers.ts';
import { nowMs } from './net/wire.ts';

// The rig proves itself, with programs that are not Tandem: what it does to frames is what the tests rely on.
const run = promisify(execFile);

interface Pings {
  readonly lossPercent: number;
  readonly averageMs: number;
  readonly maxMs: number;
}

async function ping(from: Namespace, address: string, count: number, everyMs: number): Promise<Pings> {
  const [command = '', ...words] = from.prefix;
  const wait = ['-W', '1', '-w', String(Math.ceil((count * everyMs) / 1000) + 2)];
  const args = [...words, 'ping', '-q', '-c', String(count), '-i', String(everyMs / 1000), ...wait, address];
  const { stdout } = await run(command, args).catch((error: { stdout: string }) => error);
  const times = /= [\d.]+\/([\d.]+)\/([\d.]+)\//.exec(stdout);
  return {
    lossPercent: Number(/([\d.]+)% packet loss/.exec(stdout)?.[1]),
    averageMs: Number(times?.[1]),
    maxMs: Number(times?.[2]),
  };
}

onTheWire('the wire', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab({ gateway: true });
    await ping(lab.core, EDGE_ADDRESS, 1, 10);
  });
  afterAll(() => lab?.close());
  beforeEach(() => lab.wire.setAll({}));

  /** Datagrams that arrived, of `count` sent one each `everyMs` while `meanwhile` runs. */
  async function datagrams(
    count: number,
    everyMs: number,
    meanwhile: () => Promise<void> = async () => undefined,
  ): Promise<Heard[]> {
    const ear = talk(lab.edge, 'hear', '4711');
    await ear.see(({ ready }) => ready === true, 5000);
    const mouth = talk(lab.core, 'say', EDGE_ADDRESS, '4711', String(count), String(everyMs));
    await Promise.all([mouth.ended, meanwhile()]);
    // What the wire still holds comes at the end of its delay: 200 ms at the most, here.
    await sleep(350);
    await ear.stop();
    return ear.all.filter(({ udp }) => udp !== undefined);
  }

  test('a clean wire adds less than a millisecond, and each end reaches the others', async () => {
    const toPeer = await ping(lab.core, EDGE_ADDRESS, 50, 10);
    expect(toPeer.lossPercent).toBe(0);
    expect(toPeer.averageMs).toBeLessThan(2);
    expect((await ping(lab.edge, GATEWAY_ADDRESS, 3, 10)).lossPercent).toBe(0);
    expect((await ping(lab.gateway, CORE_ADDRESS, 3, 10)).lossPercent).toBe(0);
    const delays = (await datagrams(100, 5)).map(({ at = 0, sentAt = 0 }) => at - sentAt);
    expect(delays).toHaveLength(100);
    expect(delays.sort((a, b) => a - b)[50]).toBeLessThan(2);
  });

  test('delay, jitter and loss are what was asked for, in the direction that was asked for', async () => {
    await lab.wire.set({ 'edge>core': { delayMs: 40 } });
    const delayed = await ping(lab.core, EDGE_ADDRESS, 10, 20);
    expect(delayed.averageMs).toBeGreaterThan(40);
    expect(delayed.averageMs).toBeLessThan(45);
    const oneWay = (await datagrams(20, 5)).map(({ at = 0, sentAt = 0 }) => at - sentAt);
    expect(Math.max(...oneWay)).toBeLessThan(30);
    await lab.wire.set({ 'edge>core': {}, 'core>edge': { loss: 0.3 } });
    // 400 tries at 0.3: 280 with a deviation of 9.2; five of them are the limit.
    const arrived = (await datagrams(400, 2)).length;
    expect(arrived).toBeGreaterThan(234);
    expect(arrived).toBeLessThan(326);
    expect((await lab.wire.counts())['core>edge']?.dropped).toBeGreaterThan(0);
  });

  test('a black hole swallows from the moment that it is acknowledged, also what is under way', async () => {
    await lab.wire.set({ 'core>edge': { delayMs: 200 } });
    let cutAt = 0;
    const arrived = await datagrams(60, 10, async () => {
      await sleep(500);
      cutAt = await lab.wire.set({ 'core>edge': { blackhole: true } });
    });
    expect(arrived.length).toBeLessThan(60);
    expect(Math.max(...arrived.map(({ at = 0 }) => at))).toBeLessThan(cutAt + 20);
    expect((await ping(lab.core, GATEWAY_ADDRESS, 3, 10)).lossPercent).toBe(0);
  });

  testInRig('one way: what core says is lost, what edge says arrives', async () => {
    await lab.wire.set({ 'core>edge': { blackhole: true } });
    expect(await datagrams(10, 5)).toHaveLength(0);
    const ear = talk(lab.core, 'hear', '4712');
    await ear.see(({ ready }) => ready === true, 5000);
    await talk(lab.edge, 'say', CORE_ADDRESS, '4712', '5', '5').ended;
    await ear.see(({ udp }) => udp === 4, 2000);
    await ear.stop();
  });

  testInRig('off channel: frames wait for the radio to come back, none is lost', async () => {
    await lab.wire.set({ 'core>edge': { offChannel: { periodMs: 500, holdMs: 200 } } });
    const arrived = await datagrams(200, 10);
    expect(arrived).toHaveLength(200);
    const gaps = arrived.slice(1).map(({ at = 0 }, index) => at - (arrived[index]?.at ?? 0));
    expect(Math.max(...gaps)).toBeGreaterThan(170);
    expect(Math.max(...gaps)).toBeLessThan(260);
  });

  testInRig('outages and bursts lose in a row, not here and there', async () => {
    const longestRow = (heard: Heard[]): number => {
      const seen = heard.map(({ udp = 0 }) => udp);
      return Math.max(...seen.slice(1).map((seq, index) => seq - (seen[index] ?? 0) - 1));
    };
    await lab.wire.set({ 'core>edge': { outages: { goodMs: 200, badMs: 100, loss: 1 } } });
    const outages = await datagrams(600, 4);
    expect(longestRow(outages)).toBeGreaterThan(20);
    expect(outages.length).toBeGreaterThan(100);
    await lab.wire.set({ 'core>edge': { bursts: { toBad: 0.02, toGood: 0.1, loss: 1 } } });
    const bursts = await datagrams(600, 3);
    // Mean row 10 at a mean loss of a sixth; loss without memory has rows of 4 at the most.
    expect(longestRow(bursts)).toBeGreaterThan(6);
    expect(bursts.length).toBeGreaterThan(300);
  });

  testInRig('a firewall that drops is silent, one that rejects refuses', async () => {
    const ear = talk(lab.edge, 'hear', '4711');
    await ear.see(({ ready }) => ready === true, 5000);
    const knock = async (): Promise<string | undefined> => {
      const one = talk(lab.core, 'connect', EDGE_ADDRESS, '4711');
      const { tcp } = await one.see(({ tcp: seen }) => seen !== undefined, 8000);
      await one.stop();
      return tcp;
    };
    expect(await knock()).toBe('connected');
    lab.edge.block(4711, 'REJECT');
    expect(await knock()).toBe('ECONNREFUSED');
    lab.edge.heal();
    lab.edge.block(4711, 'DROP');
    expect(await knock()).toBe('timeout');
    expect((await ping(lab.core, EDGE_ADDRESS, 1, 10)).lossPercent).toBe(0);
    lab.edge.heal();
    expect(await knock()).toBe('connected');
    await ear.stop();
  });

  testInRig(
    'a RST from nowhere ends a connection at both ends; UDP frames come a second time when asked',
    async () => {
      const ear = talk(lab.edge, 'hear', '4711');
      await ear.see(({ ready }) => ready === true, 5000);
      const one = talk(lab.core, 'connect', EDGE_ADDRESS, '4711');
      await one.see(({ tcp }) => tcp === 'connected', 5000);
      await ear.see(({ tcp }) => tcp === 'accepted', 5000);
      expect(await lab.wire.reset(4711)).toBeGreaterThanOrEqual(2);
      await one.see(({ tcp }) => tcp === 'reset', 2000);
      await ear.see(({ tcp }) => tcp === 'reset', 2000);
      await talk(lab.core, 'say', EDGE_ADDRESS, '4711', '5', '5').ended;
      expect(await lab.wire.replay('core>edge', 4711, 2)).toBe(2);
      await sleep(100);
      expect(ear.all.flatMap(({ udp }) => udp ?? [])).toEqual([0, 1, 2, 3, 4, 3, 4]);
      await lab.wire.replay('core>edge', 4711, 1, true);
      await sleep(100);
      // The last bit of the time that it carries is turned: it arrives, and it is not the same.
      const [fresh, changed] = [ear.all.at(-2), ear.all.at(-1)];
      expect(changed?.udp).toBe(4);
      expect(changed?.sentAt).not.toBe(fresh?.sentAt);
      await ear.stop();
    },
  );

  testInRig(
    'a link that goes down and an address that changes are seen at once, and the way out comes back',
    async () => {
      lab.edge.linkDown();
      expect((await ping(lab.core, EDGE_ADDRESS, 2, 10)).lossPercent).toBe(100);
      lab.edge.linkUp();
      expect((await ping(lab.core, EDGE_ADDRESS, 2, 200)).lossPercent).toBe(0);
      expect(lab.edge.ip('route')).toContain('default via 192.0.2.254');
      lab.edge.changeAddress('192.0.2.3');
      expect((await ping(lab.core, '192.0.2.3', 2, 10)).lossPercent).toBe(0);
      expect((await ping(lab.core, EDGE_ADDRESS, 1, 10)).lossPercent).toBe(100);
      expect(lab.edge.ip('route')).toContain('default via 192.0.2.254');
      lab.edge.changeAddress(EDGE_ADDRESS);
    },
  );

  test('the wire refuses what it does not know', async () => {
    await expect(lab.wire.set({ 'core>nobody': {} })).rejects.toThrow('refuses');
    await expect(lab.wire.set({ 'core>edge': { loss: -1 } })).rejects.toThrow('refuses');
    expect(await lab.wire.set({ 'core>edge': {} })).toBeLessThanOrEqual(nowMs());
  });
});

onTheWire('what a dead run leaves', () => {
  test('is gone after the next start: namespaces, and what ran in them; what lives stays', async () => {
    const dead = spawn('true');
    await once(dead, 'close');
    const name = `tandem-rig-${dead.pid}-1-1-core`;
    await run('ip', ['netns', 'add', name]);
    const left = spawn('ip', ['netns', 'exec', name, 'sleep', '60']);
    const ended = once(left, 'close');
    const living = makeNamespace('living');
    await sleep(200);
    expect(sweepLeftovers()).toEqual([name]);
    await ended;
    const there = readdirSync('/var/run/netns');
    expect(there).toContain(living.name);
    expect(there).not.toContain(name);
    living.remove();
    expect(readdirSync('/var/run/netns')).not.toContain(living.name);
  });
});
