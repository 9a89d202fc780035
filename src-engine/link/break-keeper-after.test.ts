import { expect, test } from 'vitest';
import { breakBench as bench, silentFacts, well } from '../../test/doubles/break-bench.ts';
import { hello } from '../../test/doubles/link-hello.ts';
import { black, look, told } from './classify/test-looks.ts';

test('link 18: the HELLO after a break puts it right once, against the boot and the start before it', async () => {
  const b = bench();
  b.keeper.onHello(hello());
  await b.down();
  b.keeper.onHello(hello({ bootId: 'boot-2', appStartId: 'start-2', uptimeSeconds: 20 }));
  b.keeper.onHello(hello({ bootId: 'boot-2', appStartId: 'start-3', uptimeSeconds: 21 }));
  expect(b.added.slice(1)).toMatchObject([
    { kind: 'link.corrected', corrects: 'r0', evidence: { class: 'PEER_UNREACHABLE', likely: 'hostDown' } },
  ]);
  expect(b.keeper.verdict()).toMatchObject({ link: 'down', likely: 'hostDown' });
  // The break after it is judged against what was said last, not first.
  b.world.facts = well;
  b.phase('up', { before: 'down' });
  await b.down();
  b.keeper.onHello(hello({ bootId: 'boot-2', appStartId: 'start-4', uptimeSeconds: 90 }));
  expect(b.added.at(-1)).toMatchObject({ kind: 'link.corrected', evidence: { class: 'APP_CRASHED' } });
});

test('the word of the other Mac stands against later probes', async () => {
  const b = bench();
  b.keeper.onHello(hello());
  await b.down('silence', { ...black, peerPing: look('ok') });
  expect(b.keeper.verdict().class).toBe('PORT_BLOCKED');
  // It heard this Mac all the time, and never stopped.
  b.keeper.onHello(hello());
  expect(b.keeper.verdict().class).toBe('ONE_WAY');
  await b.time.advance(15_000);
  b.rounds.at(-1)?.see({ ...black, peerPing: look('ok') });
  b.rounds.at(-1)?.finish();
  await b.time.advance(0);
  expect(b.keeper.verdict().class).toBe('ONE_WAY');
  expect(b.classes()).toEqual(['PORT_BLOCKED', 'ONE_WAY']);
});

test('link 15: a good-bye is LEFT, untold, and stays so although this Mac slept after it', async () => {
  const b = bench();
  b.phase('up');
  await b.time.advance(1000);
  b.world.facts = { ...well, bye: 'sleep' };
  b.phase('left', { byeReason: 'sleep' });
  expect(b.keeper.verdict()).toMatchObject({ link: 'left', class: 'LEFT', byeReason: 'sleep' });
  await b.time.advance(60_000);
  b.world.pauses = [{ agoMs: 0, lastedMs: 59_000, slept: true }];
  b.keeper.onHello(hello());
  expect(b.classes()).toEqual(['LEFT']);
  expect(b.rounds).toHaveLength(0);
  expect(b.told()).toEqual([]);
});

test('a good-bye in the middle of a break ends the probing', async () => {
  const b = bench();
  await b.down('echo');
  expect(b.keeper.verdict().class).toBe('ONE_WAY');
  b.world.facts = { ...silentFacts, bye: 'lowBattery' };
  b.phase('left', { before: 'down', byeReason: 'lowBattery' });
  await b.time.advance(60_000);
  expect(b.rounds).toHaveLength(1);
  expect(b.told()).toEqual(['peerLeft ']);
  expect(b.time.pending()).toBe(0);
});

test('link 17: a weakness outlives a mere suspicion: it is recorded and told once', async () => {
  const b = bench();
  b.phase('up');
  b.world.facts = { ...well, peerFacts: told({ apiOk: false }) };
  b.keeper.look();
  await b.time.advance(6000);
  b.phase('suspect');
  b.phase('up', { before: 'suspect' });
  expect(b.keeper.verdict()).toMatchObject({ link: 'up', class: 'API_SERVER_DOWN' });
  await b.time.advance(11 * 60_000);
  expect(b.kinds()).toEqual(['link.weak']);
  expect(b.told()).toEqual(['peerWeak API_SERVER_DOWN']);
});

test('a weakness that ends during a suspicion is over: its notice is closed', async () => {
  const b = bench();
  b.phase('up');
  b.world.facts = { ...well, peerFacts: told({ apiOk: false }) };
  b.keeper.look();
  await b.time.advance(6000);
  b.phase('suspect');
  b.world.facts = well;
  b.phase('up', { before: 'suspect' });
  expect(b.kinds()).toEqual(['link.weak', 'link.well']);
  expect(b.happened.at(-1)).toEqual({ type: 'settled', category: 'link' });
});

test('between two slow beats a weakness does not end', () => {
  const b = bench();
  b.phase('up');
  b.world.facts = { ...well, peerFacts: told({ apiOk: false }) };
  b.keeper.look();
  b.world.facts = { ...b.world.facts, silentMs: 1400, freshBeats: false };
  b.keeper.look();
  expect(b.kinds()).toEqual(['link.weak']);
});

test('link 14: a break that lasts is not blamed on an own pause in the middle of it', async () => {
  const b = bench();
  await b.down();
  b.rounds[0]?.finish();
  b.world.facts = { ...silentFacts, silentMs: 900, ownPauseMs: 3_600_000, resumedAgoMs: 900 };
  b.keeper.networkChanged();
  b.rounds.at(-1)?.see(black);
  b.rounds.at(-1)?.finish();
  await b.time.advance(0);
  expect(b.keeper.verdict().class).toBe('PEER_UNREACHABLE');
  expect(b.kinds()).toEqual(['link.down']);
});

test('unpaired: nothing of the other Mac is remembered, and its return is no "back"', async () => {
  const b = bench();
  await b.down();
  await b.time.advance(6000);
  expect(b.told()).toHaveLength(1);
  b.keeper.forget();
  expect(b.keeper.verdict()).toMatchObject({ link: 'never', class: 'NEVER_SEEN' });
  expect(b.time.pending()).toBe(0);
  b.world.facts = { ...well, bye: 'userStop' };
  b.phase('left', { byeReason: 'userStop' });
  b.world.facts = well;
  b.phase('up', { before: 'left' });
  expect(b.told()).toHaveLength(1);
});
