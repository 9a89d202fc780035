import { expect, test } from 'vitest';
import { breakBench as bench, silentFacts, well } from '../../test/doubles/break-bench.ts';
import { black, look } from './classify/test-looks.ts';

test('link 6: a break is recorded, told once 5 s later, and "back" answers it', async () => {
  const b = bench();
  await b.down();
  expect(b.keeper.verdict()).toMatchObject({ link: 'down', class: 'PEER_UNREACHABLE' });
  await b.time.advance(4900);
  expect(b.told()).toEqual([]);
  await b.time.advance(200);
  expect(b.told()).toEqual(['peerLost PEER_UNREACHABLE']);
  b.world.facts = well;
  b.phase('up', { before: 'down' });
  expect(b.kinds()).toEqual(['link.down', 'link.up']);
  expect(b.added[1]?.evidence).toMatchObject({ ends: 'r0' });
  expect(b.told()).toEqual(['peerLost PEER_UNREACHABLE', 'peerBack ']);
  await b.time.advance(60_000);
  expect(b.told()).toHaveLength(2);
  expect(b.time.pending()).toBe(0);
});

test.each([
  ['silence', 2500],
  ['echo', 2750],
] as const)('a break decided by %s is as old as what it was decided by', (cause, decidedAfterMs) => {
  const b = bench();
  // The last beat that came carried an echo that was a beat old.
  b.phase('down', { cause, silenceMs: 2500, echoStallMs: 2750 });
  const [down] = b.added;
  const startedAt = new Date(b.time.clock.wall().getTime() - decidedAfterMs).toISOString();
  expect(down?.evidence).toMatchObject({ decidedAfterMs, startedAt });
});

test('a decision before the probes are done is put right when they are', async () => {
  const b = bench();
  await b.down('silence', { ownInterface: black.ownInterface });
  expect(b.keeper.verdict().class).toBe('PEER_UNREACHABLE');
  b.rounds[0]?.see({ ...black, appPort: look('hung') });
  b.rounds[0]?.finish();
  await b.time.advance(50);
  expect(b.keeper.verdict().class).toBe('APP_HUNG');
  expect(b.added.at(-1)).toMatchObject({ kind: 'link.corrected', corrects: 'r0' });
  await b.time.advance(4960);
  expect(b.told()).toEqual(['peerLost APP_HUNG']);
});

test('probes that are cut short correct nothing', async () => {
  const b = bench();
  await b.down('silence', { ...black, appPort: look('hung') });
  expect(b.keeper.verdict().class).toBe('APP_HUNG');
  // The network changed before they were done: a new round begins, the old one settles with what it has.
  b.keeper.networkChanged();
  expect(b.rounds[0]?.isCancelled()).toBe(true);
  await b.time.advance(100);
  expect(b.kinds()).toEqual(['link.down']);
  expect(b.keeper.verdict().class).toBe('APP_HUNG');
});

test('what the other Mac says while the link is down starts no probes', async () => {
  const b = bench();
  await b.down();
  b.rounds[0]?.finish();
  for (let second = 0; second < 10; second += 1) {
    b.keeper.look();
    await b.time.advance(1000);
  }
  expect(b.rounds).toHaveLength(1);
});

test('after dispose nothing is recorded or told, and no timer is left', async () => {
  const b = bench();
  await b.down('silence', {});
  b.rounds[0]?.see({ ...black, appPort: look('hung') });
  b.keeper.dispose();
  await b.time.advance(60_000);
  expect(b.kinds()).toEqual(['link.down']);
  expect(b.told()).toEqual([]);
  expect(b.time.pending()).toBe(0);
});

test('link 7: a suspicion that passes leaves nothing behind', async () => {
  const b = bench();
  b.phase('up');
  b.phase('suspect');
  await b.time.advance(700);
  b.phase('up', { before: 'suspect' });
  await b.time.advance(60_000);
  expect(b.added).toEqual([]);
  expect(b.told()).toEqual([]);
  expect(b.time.pending()).toBe(0);
});

test('link 9: a refused port without a session is told to the detector while suspect; with one it is not', async () => {
  const b = bench();
  b.phase('up');
  b.phase('suspect');
  b.rounds[0]?.see({ appPort: look('refused') });
  await b.time.advance(100);
  expect(b.world.crashed).toBe(0);
  b.world.facts = { ...well, sessionUp: false };
  await b.time.advance(100);
  expect(b.world.crashed).toBeGreaterThan(0);
});

test('link 12: a Mac without a network needs no long silence', async () => {
  const b = bench();
  b.phase('up');
  b.phase('suspect');
  b.rounds[0]?.see({ ownInterface: look('down') });
  await b.time.advance(60);
  expect(b.world.crashed).toBeGreaterThan(0);
  b.phase('down', { cause: 'crashed', silenceMs: 520 });
  expect(b.keeper.verdict().class).toBe('SELF_OFFLINE');
  await b.time.advance(60_000);
  expect(b.told()).toEqual([]);
});

test('a network that changes while suspect is looked at anew: the decision does not rest on the old one', async () => {
  const b = bench();
  b.phase('up');
  b.phase('suspect');
  b.rounds[0]?.see({ ownInterface: look('down') });
  b.keeper.networkChanged();
  b.rounds[1]?.see(black);
  b.world.facts = silentFacts;
  b.phase('down');
  expect(b.keeper.verdict().class).toBe('PEER_UNREACHABLE');
});

test('an own fault in the middle of a break shows, but the history keeps what the break was', async () => {
  const b = bench();
  await b.down();
  b.rounds[0]?.finish();
  await b.time.advance(15_000);
  b.rounds[1]?.see({ ownInterface: look('down') });
  b.rounds[1]?.finish();
  await b.time.advance(0);
  expect(b.keeper.verdict().class).toBe('SELF_OFFLINE');
  await b.time.advance(15_000);
  b.rounds[2]?.see(black);
  b.rounds[2]?.finish();
  await b.time.advance(0);
  expect(b.keeper.verdict().class).toBe('PEER_UNREACHABLE');
  expect(b.kinds()).toEqual(['link.down']);
});

test('an own fault that ends is not turned into a fault of the other Mac, in the history', async () => {
  const b = bench();
  await b.down('silence', { ownInterface: look('down') });
  expect(b.keeper.verdict().class).toBe('SELF_OFFLINE');
  b.keeper.networkChanged();
  b.rounds[1]?.see({ ...black, peerPing: look('ok') });
  b.rounds[1]?.finish();
  await b.time.advance(100);
  expect(b.keeper.verdict().class).toBe('PORT_BLOCKED');
  b.world.facts = well;
  b.phase('up', { before: 'down' });
  await b.time.advance(10_000);
  expect(b.kinds()).toEqual(['link.down', 'link.up']);
  expect(b.told()).toEqual([]);
});
