import { expect, onTestFinished, test, vi } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { fakeTraffic } from '../../../test/doubles/fake-traffic.ts';
import { traffic } from '../../../test/doubles/handoff-parts.ts';
import { departed } from '../../../test/doubles/keeper-bench.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import type { Traffic } from '../../../src-shared/world/traffic.ts';
import { silentLog } from '../../platform/log.ts';
import type { KeeperPorts } from '../room-ports.ts';
import { openKeeper } from './keeper.ts';
import { recordOnDisk } from './record.ts';

vi.setConfig({ testTimeout: 30_000 });

// What the runner hands to the rule: the look at the front, and whose record it is.

function core(recordFile: string, peerPin: string) {
  const time = fakeTime();
  const fake = fakeTraffic(time.clock, 80);
  const view: { now: Traffic | null } = { now: null };
  const notes: string[] = [];
  const ports: KeeperPorts = {
    clock: time.clock,
    scheduler: time.scheduler,
    log: silentLog,
    timeScale: 1,
    courier: { send: () => true, leaveNow: async () => true },
    link: () => ({ state: 'up', class: null, byeReason: null, silenceMs: 5 }),
    settings: () => ({ shares: { core: 20, edge: 80 }, deadlineMs: 120_000 }),
    mayAct: () => true,
    publish: () => undefined,
    note: (kind) => void notes.push(kind),
    report: () => 'report',
    recordFile,
    peerPin,
    traffic: fake.traffic,
    fitness: { fit: () => ({ fit: true, why: null }) },
    trafficView: () => view.now,
  };
  const keeper = openKeeper(ports);
  onTestFinished(() => keeper.dispose());
  /** The look at the front, as the traffic room publishes it. */
  const looks = (part: Partial<Traffic> = {}): void => {
    view.now = traffic({ weights: fake.front.shares, ...part });
  };
  return { keeper, time, notes, looks, ...fake };
}

test('a share that somebody else wrote is noticed by the look at the front, unless that is old or of a dead one', async () => {
  const c = core(`${temporaryFolder('keeper')}/handoff.json`, 'aa');
  await c.keeper.begin();
  await c.time.advance(2_000);
  expect(c.keeper.view().state).toBe('SERVING');
  c.front.shares = { core: 39, edge: 61 };
  c.looks({ stale: true });
  await c.time.advance(5_000);
  c.looks({ state: 'down' });
  await c.time.advance(5_000);
  expect(c.keeper.view().state).toBe('SERVING');
  c.looks();
  await c.time.advance(5_000);
  expect(c.keeper.view()).toMatchObject({
    state: 'HOLD',
    hold: { code: 'weightConflict', params: { edge: 61, kept: 80 } },
  });
  expect(c.front.written).toEqual([]);
});

test('a record of another pair is said in history, and its weights fall to 0', async () => {
  const file = `${temporaryFolder('keeper')}/handoff.json`;
  const { live: _live, ...record } = departed('DRAINING').state;
  await recordOnDisk(file, 'aa').write(record, { ms: 0, wallMs: Date.now() }, null);
  const c = core(file, 'bb');
  await c.keeper.begin();
  await expect
    .poll(async () => {
      await c.time.advance(500);
      return c.front.isOut;
    })
    .toBe(true);
  expect(c.notes).toContain('handoff.recordOfAnother');
  expect(c.keeper.view()).toMatchObject({ state: 'OFFLINE', epoch: 0 });
  expect(c.front.shares.edge).toBe(0);
});
