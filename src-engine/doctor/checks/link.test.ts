import { expect, test } from 'vitest';
import { isMessageKey } from '../../../src-shared/language/translate.ts';
import type { OwnLink, Peer } from '../../../src-shared/world/peer.ts';
import { link, peer } from '../../../test/doubles/pair-worlds.ts';
import type { CheckContext, IdentityLook, PairLooks } from '../check.ts';
import { identityCheck } from './identity.ts';
import { linkCheck } from './link.ts';

interface Situation {
  readonly identity?: Partial<IdentityLook>;
  /** Null: no engine runs. */
  readonly engine?: { readonly link?: Partial<OwnLink>; readonly peer?: Partial<Peer> | null } | null;
  readonly denied?: boolean | null;
}

function looks({ identity, engine = {}, denied = null }: Situation): CheckContext {
  const pair: PairLooks = {
    identity: async () => ({
      folder: 'identity',
      fingerprint: '1111 1111',
      open: [],
      paired: true,
      trouble: null,
      ...identity,
    }),
    engine: async () =>
      engine === null
        ? null
        : { link: link(engine.link), peer: engine.peer === null ? null : peer(engine.peer) },
    localNetworkDenied: async () => denied,
  };
  // Neither check looks at anything else.
  return { pair } as CheckContext;
}

const said = async (situation: Situation): Promise<string> => {
  const { verdict, sentenceKey, actionKey } = await linkCheck.run(looks(situation));
  expect(isMessageKey(sentenceKey)).toBe(true);
  expect(actionKey !== null).toBe(verdict !== 'ok');
  return `${verdict} ${sentenceKey}`;
};

test.each<[string, Situation]>([
  ['ok doctor.link.up', {}],
  ['ok doctor.link.left', { engine: { peer: { link: 'left' } } }],
  ['advice doctor.link.unheard', { engine: { peer: { link: 'down', class: 'PEER_UNREACHABLE' } } }],
  ['advice doctor.link.unheard', { engine: { peer: { link: 'never' } } }],
  ['advice doctor.link.engineless', { engine: null }],
  ['advice doctor.link.unpaired', { engine: null, identity: { paired: false } }],
  ['advice doctor.link.unpaired', { engine: { peer: null }, identity: { paired: false } }],
  ['problem doctor.link.deaf', { engine: { link: { listening: null } } }],
  ['advice doctor.link.otherNetwork', { engine: { link: { listening: null, network: 'other' } } }],
  ['advice doctor.link.refusedNetwork', { engine: { link: { listening: null, network: 'refused' } } }],
  ['problem error.noNetwork', { engine: { link: { listening: null, network: 'none' } } }],
  [
    'problem error.linkPortTaken',
    { engine: { link: { listening: null, problem: { code: 'linkPortTaken', params: { port: 47321 } } } } },
  ],
  ['problem error.identityUnreadable', { identity: { trouble: { path: 'key.pem', detail: 'EACCES' } } }],
  ['problem error.localNetworkDenied', { denied: true }],
  ['problem error.localNetworkDenied', { denied: true, engine: { link: { listening: null } } }],
  ['problem error.localNetworkDenied', { engine: { peer: { link: 'down', class: 'LOCAL_NETWORK_DENIED' } } }],
])('%s', async (words, situation) => {
  expect(await said(situation)).toBe(words);
});

test('a terminal without an engine knows nothing of the permission of the app', async () => {
  expect(await said({ denied: true, engine: null })).toBe('advice doctor.link.engineless');
});

test('what is said does not name the other Mac: a bundle goes to strangers', async () => {
  for (const state of ['up', 'down', 'left'] as const) {
    const check = await linkCheck.run(looks({ engine: { peer: { link: state, name: 'Marie-Claire' } } }));
    expect(JSON.stringify(check)).not.toContain('Marie-Claire');
  }
});

test('a port that is taken is named', async () => {
  const problem = { code: 'linkPortTaken', params: { address: '192.0.2.7', port: 47321 } } as const;
  const check = await linkCheck.run(looks({ engine: { link: { problem } } }));
  expect(check.sentence).toContain('47321');
});

test('the identity: usable, not there yet, open to others, unusable', async () => {
  const run = (identity: Partial<IdentityLook>) => identityCheck.run(looks({ identity }));
  expect(await run({})).toMatchObject({ verdict: 'ok', sentence: expect.stringContaining('1111 1111') });
  expect(await run({ fingerprint: null })).toMatchObject({ verdict: 'ok', action: null });
  const open = await run({ open: ['key.pem', 'peer.json'] });
  expect(open).toMatchObject({
    verdict: 'problem',
    sentence: expect.stringContaining('key.pem, peer.json'),
    action: expect.stringContaining('chmod'),
  });
  const trouble = { path: 'identity/key.pem', detail: 'missing' };
  expect(await run({ trouble, open: ['.'] })).toMatchObject({
    verdict: 'problem',
    sentence: expect.stringContaining('missing'),
    action: expect.stringContaining('pair again'),
  });
});
