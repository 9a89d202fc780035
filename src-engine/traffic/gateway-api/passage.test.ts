import { beforeAll, expect, test } from 'vitest';
import { builtFront } from '../../../test/doubles/built-front.ts';
import { call, frontWorld, steadyLoad, until } from '../../../test/doubles/front-world.ts';
import { ownPort } from '../../../test/doubles/own-port.ts';
import { systemClock, systemScheduler } from '../../platform/clock.ts';
import type { Home } from '../../platform/home.ts';
import { silentLog } from '../../platform/log.ts';
import { embeddedFront } from '../embedded/embedded-front.ts';
import { readProcessRecord } from '../process/process-record.ts';

// What a gateway deals to: the front's own program, one port for each side.

let program = '';
beforeAll(async () => void (program = await builtFront()), 60_000);
const LIMIT_MS = 30_000;
const shares = (edge: number) => ({ core: 100 - edge, edge });
const make = (home: Home) =>
  embeddedFront({
    home,
    clock: systemClock,
    scheduler: systemScheduler,
    log: silentLog,
    program,
    name: 'passage',
  });

async function openPassage(allow = ['127.0.0.0/8']) {
  const world = await frontWorld(make);
  const edgePort = ownPort();
  const config = { ...world.config, edgeListen: { host: '127.0.0.1', port: edgePort }, allow };
  const front = world.adapter();
  expect(await front.open(config, shares(80))).toEqual({ ok: true, value: 'started' });
  await until(async () => {
    const counters = await front.counters();
    return counters.ok && counters.value.core.up === true && counters.value.edge.up === true;
  });
  return { ...world, front, config, edgePort };
}

test(
  'each port is its side’s, and each answer says so; a front of the same home may stand beside it',
  async () => {
    const { home, port, edgePort } = await openPassage();
    for (let time = 0; time < 3; time += 1) {
      expect(await call(port, '/')).toMatchObject({ status: 200, backend: 'core' });
      expect(await call(edgePort, '/')).toMatchObject({ status: 200, backend: 'edge' });
    }
    expect((await readProcessRecord(home, 'passage'))?.kind).toBe('embedded');
    expect(await readProcessRecord(home, 'front')).toBeNull();
  },
  LIMIT_MS,
);

test(
  'a share of 0 holds at once under load, although whoever deals still deals to the edge; and so does its return',
  async () => {
    const { front, edgePort, gate } = await openPassage();
    const load = steadyLoad(edgePort);
    await until(() => load.sent() > 50);
    expect((await front.set(shares(0))).ok).toBe(true);
    // What was on its way then has arrived when nothing more is in flight.
    await until(async () => {
      const counters = await front.counters();
      return counters.ok && counters.value.edge.inFlight === 0;
    });
    const heard = gate.heard.length;
    const from = load.sent();
    await until(() => load.sent() > from + 50);
    expect(gate.heard).toHaveLength(heard);
    await front.set(shares(80));
    await until(() => gate.heard.length > heard);
    expect((await load.stop()).lost).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'what a dead edge did not answer is sent again to the core, whoever dealt it to the edge',
  async () => {
    const { front, edgePort, gate } = await openPassage();
    gate.mood = 'silent';
    const asked = call(edgePort, '/late');
    await until(async () => {
      const counters = await front.counters();
      return counters.ok && counters.value.edge.inFlight === 1;
    });
    expect(await front.dead()).toMatchObject({ ok: true, value: { resent: 1, cutCount: 0 } });
    expect(await asked).toMatchObject({ status: 200, backend: 'core' });
  },
  LIMIT_MS,
);

test(
  'who comes from elsewhere than the cluster is reset',
  async () => {
    const { port, edgePort } = await openPassage(['192.0.2.0/24']);
    for (const each of [port, edgePort])
      await expect(call(each, '/')).rejects.toThrow(/ECONNRESET|socket hang up/);
  },
  LIMIT_MS,
);

test(
  'other ports are taken over whole or not at all',
  async () => {
    const { front, port, edgePort, config } = await openPassage();
    const next = ownPort();
    const taken = { ...config, listen: { ...config.listen, port: ownPort() }, edgeListen: config.listen };
    // The one that it shares with itself can be had; both are open then, and the old ones are not.
    expect(await front.reconfigure(taken, shares(80))).toEqual({ ok: true, value: undefined });
    expect(await call(port, '/')).toMatchObject({ backend: 'edge' });
    await expect(call(edgePort, '/')).rejects.toThrow('ECONNREFUSED');
    const wrong = { ...taken, edgeListen: { host: '192.0.2.1', port: next } };
    expect(await front.reconfigure(wrong, shares(80))).toMatchObject({ error: { code: 'frontDown' } });
    expect(await call(port, '/')).toMatchObject({ backend: 'edge' });
  },
  LIMIT_MS,
);
