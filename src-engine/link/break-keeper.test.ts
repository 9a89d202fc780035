import { expect, test } from 'vitest';
import { fakeTime } from '../../test/doubles/fake-time.ts';
import { hello } from '../../test/doubles/link-hello.ts';
import type { Detection } from './beat/beat-ports.ts';
import type { DownCause } from './beat/detector.ts';
import { createBreakKeeper } from './break-keeper.ts';
import { noLooks, type LinkFacts, type ProbeLooks } from './classify/looks.ts';
import { black, look, told, well as allWell } from './classify/test-looks.ts';
import { createLinkNotices } from './link-notices.ts';
import type { LinkHappening, LinkHistory } from './link-ports.ts';
import type { OwnPause } from './ports.ts';

/** Without what only probes see: the keeper lays the facts over their looks. */
const well = Object.fromEntries(
  Object.entries(allWell).filter(([key]) => !Object.hasOwn(noLooks, key)),
) as unknown as LinkFacts;

type Added = Parameters<LinkHistory['add']>[0] & { readonly id: string };

/** A round of probes that answers when the test says so, or at once when it is cut short. */
function round() {
  let known: ProbeLooks = noLooks;
  let settle: (looks: ProbeLooks) => void = () => undefined;
  const done = new Promise<ProbeLooks>((resolve) => (settle = resolve));
  let cancelled = false;
  return {
    see: (looks: Partial<ProbeLooks>) => void (known = { ...known, ...looks }),
    finish: () => settle(known),
    isCancelled: () => cancelled,
    probes: {
      looks: () => known,
      done,
      cancel() {
        cancelled = true;
        settle(known);
      },
    },
  };
}

function bench() {
  const time = fakeTime();
  const rounds: ReturnType<typeof round>[] = [];
  const added: Added[] = [];
  const happened: LinkHappening[] = [];
  const world = { facts: well as LinkFacts, pauses: [] as OwnPause[], crashed: 0, changed: 0 };
  const notices = createLinkNotices({
    ...time,
    peerName: () => 'Edge',
    waitMs: () => 5000,
    tell: (happening) => void happened.push(happening),
  });
  const history: LinkHistory = {
    add(entry) {
      const id = `r${added.length}`;
      added.push({ ...entry, id });
      return id;
    },
    settled: async () => undefined,
    async *records() {},
  };
  const keeper = createBreakKeeper({
    ...time,
    history,
    notices,
    startProbes() {
      const next = round();
      rounds.push(next);
      return next.probes;
    },
    facts: () => world.facts,
    pauses: () => world.pauses,
    peerName: () => 'Edge',
    crashed: () => void (world.crashed += 1),
    changed: () => void (world.changed += 1),
  });
  const phase = (to: Detection['phase'], change: Partial<Detection> = {}): void =>
    keeper.onPhase({
      phase: to,
      before: 'up',
      atMs: time.clock.monotonicMs(),
      silenceMs: to === 'down' ? 2500 : 100,
      echoStallMs: null,
      cause: to === 'down' ? 'silence' : null,
      byeReason: null,
      ...change,
    });
  return {
    time,
    rounds,
    added,
    happened,
    world,
    keeper,
    phase,
    kinds: () => added.map(({ kind }) => kind),
    classes: () => added.map(({ evidence }) => evidence?.['class']),
    told: () =>
      happened.flatMap((one) => (one.type === 'peer' ? [`${one.kind} ${one.params['class'] ?? ''}`] : [])),
    async down(cause: DownCause = 'silence', seen: Partial<ProbeLooks> = black) {
      world.facts = { ...well };
      phase('up');
      await time.advance(1000);
      phase('suspect');
      rounds.at(-1)?.see(seen);
      world.facts = cause === 'echo' ? { ...well, echoStalledMs: 2500 } : silentFacts;
      phase('down', { cause });
      await time.advance(0);
    },
  };
}
const silentFacts: LinkFacts = { ...well, silentMs: 2500, freshBeats: false, echoStalledMs: 2500 };

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
