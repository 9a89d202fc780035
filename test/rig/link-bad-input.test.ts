import { readFileSync, rmSync, writeFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { CORE_ADDRESS } from './net/namespaces.ts';
import { LINK_PORT, openPair, pairByHand, type Pair, type PairOptions } from './net/pair.ts';
import { answer, codeOf, compare, stageOf } from './net/pairing.ts';
import { talk } from './net/talk.ts';
import { onTheWire, sleep, testInRig } from './net/tiers.ts';
import { openRig } from '../engine/tandem.ts';

const NOBODY = '192.0.2.77';

onTheWire('bad input of the link', () => {
  let pair: Pair | undefined;
  afterEach(async () => {
    await pair?.close();
    pair = undefined;
  });
  const open = async (options: PairOptions = { gateway: true }): Promise<Pair> =>
    (pair = await openPair(options));

  testInRig(
    'addresses: none, nobody there, its own, something that is not Tandem',
    async () => {
      const { core, edge, lab } = await open();
      const codeFor = async (host: string): Promise<string> => {
        const ran = await core.rig.tandem('pair', host, '--yes', '--json');
        expect(ran.code).toBe(1);
        return codeOf(ran);
      };
      expect(await codeFor('no such host!')).toBe('addressInvalid');
      expect(await codeFor('192.0.2.300')).toBe('addressInvalid');
      expect(await codeFor(NOBODY)).toBe('peerUnreachable');
      expect(await codeFor(CORE_ADDRESS)).toBe('ownAddress');
      const other = talk(lab.gateway, 'greet', '4711');
      await other.see(({ ready }) => ready === true, 5000);
      expect(await codeFor('192.0.2.254:4711')).toBe('peerNotTandem');
      await other.stop();
      // Nothing was lost: the right address pairs.
      await pairByHand(edge.rig, core.rig, '192.0.2.2');
    },
    120_000,
  );

  testInRig(
    'two of the same role are refused in words, and nothing is kept',
    async () => {
      const { core, edge, lab } = await open();
      const third = openRig({}, { prefix: () => lab.gateway.prefix });
      try {
        await third.startEngine('--role', 'core');
        const listening = core.rig.begin('pair', '--yes');
        await listening.documents.see(({ listening: where }) => where !== undefined, 10_000);
        const dialled = await third.tandem('pair', CORE_ADDRESS, '--yes', '--json');
        expect([dialled.code, codeOf(dialled)]).toEqual([1, 'rolesEqual']);
        expect(codeOf(await listening.done)).toBe('rolesEqual');
      } finally {
        await third.close();
      }
      await pairByHand(core.rig, edge.rig, CORE_ADDRESS);
    },
    120_000,
  );

  testInRig(
    'a peer whose key changed is told by name, and is not let in before it is unpaired',
    async () => {
      const { core, edge, pair: pairUp } = await open();
      const before = await pairUp();
      await edge.stop('SIGKILL');
      rmSync(join(edge.rig.home, 'identity'), { recursive: true });
      await edge.start();
      await sleep(3000);
      expect((await core.rig.status()).peer?.link).not.toBe('up');
      const window = core.rig.begin('pair', '--yes');
      await window.documents.see(({ listening }) => listening !== undefined, 10_000);
      const dialled = await edge.rig.tandem('pair', CORE_ADDRESS, '--yes', '--json');
      // Whom the core is paired with is none of a stranger's business.
      expect([dialled.code, codeOf(dialled)]).toEqual([1, 'alreadyPaired']);
      const refused = await window.done;
      expect([refused.code, codeOf(refused)]).toEqual([1, 'peerKeyChanged']);
      expect((await core.rig.status()).peer?.pin).toBe(before.edge.pin);
      expect((await core.rig.tandem('unpair', '--yes')).code).toBe(0);
      const after = await pairByHand(core.rig, edge.rig, CORE_ADDRESS);
      expect(after.core.pin).toBe(before.core.pin);
      expect(after.edge.pin).not.toBe(before.edge.pin);
    },
    120_000,
  );

  testInRig(
    'a port that is taken is said, and taken up when it is free',
    async () => {
      const { core, lab } = await open();
      await core.stop('SIGTERM');
      const squatter = talk(lab.core, 'hear', String(LINK_PORT));
      await squatter.see(({ ready }) => ready === true, 5000);
      await core.start();
      const refused = await core.rig.tandem('pair', '--yes', '--json');
      expect([refused.code, codeOf(refused)]).toEqual([1, 'linkPortTaken']);
      await squatter.stop();
      await sleep(500);
      const opened = await core.watch.client.call('pair.open', {});
      expect(opened.ok).toBe(true);
    },
    60_000,
  );

  testInRig(
    'no network at the start: the engine runs, says so, and pairs when there is one',
    async () => {
      const { core, edge } = await open();
      await edge.stop('SIGTERM');
      edge.space.linkDown();
      await edge.start();
      const refused = await edge.rig.tandem('pair', CORE_ADDRESS, '--yes', '--json');
      expect([refused.code, codeOf(refused)]).toEqual([1, 'noNetwork']);
      edge.space.linkUp();
      await sleep(2500);
      await pairByHand(core.rig, edge.rig, CORE_ADDRESS);
      await edge.watch.reach('up', 15_000, ({ peer }) => peer?.link === 'up');
    },
    90_000,
  );

  testInRig.each([86_400_000, -86_400_000])(
    'a clock that is off by %i ms pairs and links',
    async (wallJumpMs) => {
      const { edge, pair: pairUp } = await open();
      edge.bend({ wallJumpMs });
      await sleep(200);
      await pairUp();
    },
    60_000,
  );

  test('link 21: a damaged key is said, is no crash and never silently a new key', async () => {
    const { core } = await open();
    const key = join(core.rig.home, 'identity', 'key.pem');
    expect(statSync(key).mode & 0o777).toBe(0o600);
    await core.stop('SIGTERM');
    writeFileSync(key, 'not a key', { mode: 0o600 });
    await core.start();
    const refused = await core.rig.tandem('pair', '--yes', '--json');
    expect([refused.code, codeOf(refused)]).toEqual([1, 'identityUnreadable']);
    expect(readFileSync(key, 'utf8')).toBe('not a key');
    const world = await core.rig.status();
    expect(world.link.problem?.code).toBe('identityUnreadable');
    // The rest of the house does not care.
    expect(world.host.vitals.battery?.percent).toBe(80);
  }, 60_000);

  testInRig(
    'link 21: after the damaged key is moved away a new pairing is offered, the old one is gone',
    async () => {
      const { core, edge, pair: pairUp } = await open();
      await pairUp();
      await core.stop('SIGTERM');
      const folder = join(core.rig.home, 'identity');
      writeFileSync(join(folder, 'key.pem'), 'not a key', { mode: 0o600 });
      await core.start();
      expect((await core.rig.status()).peer).toBeNull();
      await core.stop('SIGTERM');
      rmSync(folder, { recursive: true });
      await core.start();
      expect((await core.rig.status()).link.problem).toBeNull();
      expect((await edge.rig.tandem('unpair', '--yes')).code).toBe(0);
      const [one, other] = await compare(core, edge, CORE_ADDRESS);
      expect(one).toBe(other);
      await Promise.all([answer(core, true), answer(edge, true)]);
      await stageOf(core, 'done');
    },
    90_000,
  );
});
