import { expect, test } from 'vitest';
import { edgePeer, link, pairWorlds, peer } from '../../test/doubles/pair-worlds.ts';
import { cluster, operation, reason, stopped, vitals, world, WORLD_AT } from '../../test/doubles/worlds.ts';
import { translator } from '../language/translate.ts';
import { breakClassSchema, likelySchema } from './peer.ts';
import { say } from './sentence.ts';
import { stateSentence } from './state-sentence.ts';
import type { World } from './world.ts';

const english = { t: translator('en'), now: new Date(WORLD_AT) };
const told = (of: World) => {
  const { situation, severity, headline, detail } = stateSentence(of);
  return [situation, severity, say(headline, english), detail && say(detail, english)];
};
const paired = (change: Parameters<typeof peer>[0], rest: Parameters<typeof world>[0] = {}) =>
  world({ role: 'edge', link: link(), peer: peer(change), ...rest });

test('a break stands on top, with its likeliest cause and what to do', () => {
  const [situation, severity, headline, detail] = told(pairWorlds.partition);
  expect([situation, severity, headline]).toEqual(['partition', 'bad', 'MacBook cannot be reached']);
  expect(detail).toMatch(/^Since \S+ · most likely asleep · nothing to do$/);
});

test('a Mac that is offline itself says that, and nothing of the other', () => {
  const [situation, severity, headline] = told(pairWorlds.offline);
  expect([situation, severity, headline]).toEqual(['partition', 'warn', 'This Mac is offline']);
});

test('an isolated edge says that it goes on', () => {
  expect(told(pairWorlds.isolated)[3]).toMatch(/this Mac keeps serving what reaches it$/);
});

test('a good-bye is no break: all is well, and the second line tells of it', () => {
  expect(told(pairWorlds.leftAsleep)).toEqual([
    'edgeStopped',
    'ok',
    'All is well: tandem is running',
    'MacBook left (asleep); nothing to do',
  ]);
});

test('silence that is not decided yet changes nothing on top', () => {
  expect(told(pairWorlds.suspect)[0]).toBe('well');
});

test('"both well" is said only when both are', () => {
  expect(told(pairWorlds.up).slice(0, 3)).toEqual(['well', 'ok', 'Both Macs are well']);
  const otherStopped = paired({ clusters: [stopped()] });
  expect(told(otherStopped).slice(0, 3)).toEqual(['edgeStopped', 'ok', 'All is well: tandem is running']);
  expect(told(paired({}, { clusters: [stopped()] }))[0]).toBe('stopped');
  expect(told(paired({ clusters: [cluster({ state: 'degraded' })] }))[0]).toBe('peerWeak');
  const low = edgePeer({ vitals: vitals({ stage: 'warn', reasons: [reason({ stage: 'warn' })] }) });
  expect(told(world({ role: 'core', peer: low }))[2]).toBe('The battery of MacBook is low');
});

test('what is wrong with the other end of a link that stands is a warning', () => {
  expect(told(pairWorlds.apiDown).slice(0, 3)).toEqual([
    'peerWeak',
    'warn',
    'Kubernetes on Mac mini does not answer',
  ]);
});

test('a break is less than this Mac running out of battery, and more than its work', () => {
  const { peer: lost } = pairWorlds.isolated;
  const drained = vitals({ stage: 'drain', reasons: [reason()] });
  expect(told(world({ peer: lost, vitals: drained }))[0]).toBe('drain');
  expect(told(world({ peer: lost, clusters: [cluster({ operation: operation() })] }))[0]).toBe('partition');
});

test('every class in every language, without holes', () => {
  for (const t of [translator('en'), translator('ko')])
    for (const breakClass of breakClassSchema.options)
      for (const likely of [null, ...likelySchema.options]) {
        const { headline, detail } = stateSentence(paired({ link: 'down', class: breakClass, likely }));
        for (const part of [headline, ...(detail === null ? [] : [detail])])
          expect(say(part, { t, now: english.now })).not.toMatch(/\{\{|\?|class\.|likely\./);
      }
});
