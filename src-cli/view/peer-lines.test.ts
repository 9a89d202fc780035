import { expect, test } from 'vitest';
import { breaks, link, pairWorlds } from '../../test/doubles/pair-worlds.ts';
import { WORLD_AT } from '../../test/doubles/worlds.ts';
import { translator } from '../../src-shared/language/translate.ts';
import { breakLines, ownLinkLines, peerLines } from './peer-lines.ts';
import { statusLines } from './status-lines.ts';

const speaking = { t: translator('en'), now: new Date(WORLD_AT) };
const linesOf = (name: keyof typeof pairWorlds) => {
  const { peer } = pairWorlds[name];
  return peer === null ? [] : peerLines(peer, WORLD_AT, speaking);
};

test('the other Mac with its link, vitals and cluster', () => {
  expect(linesOf('up')).toEqual([
    'Mac mini (core · always on)',
    '  Link      up, 3 ms · good link',
    '  Memory    11.2 / 16 GB · normal',
    '  Heat      level 1 of 4',
    '  Cluster   tandem · running · 3 of 3 nodes',
  ]);
});

test('what is old says how old, and a break its evidence and what to do', () => {
  const lines = linesOf('partition');
  expect(lines[0]).toBe('MacBook (edge · may leave) · last heard 42 s ago');
  expect(lines).toContain('  Most likely: asleep');
  expect(lines).toContain('  This Mac: the router answers in 2 ms');
  expect(lines.at(-1)).toMatch(/Nothing to do/);
});

test('a good-bye has no evidence to look at', () => {
  expect(linesOf('leftAsleep').some((line) => line.includes('said good-bye'))).toBe(false);
});

test('status tells of the other Mac, and of one that is not paired nothing', () => {
  expect(statusLines(pairWorlds.up, speaking.t, speaking.now)).toContain('Mac mini (core · always on)');
  expect(statusLines(pairWorlds.unpaired, speaking.t, speaking.now).join('\n')).not.toContain('Mac mini');
});

test("this Mac's own end, and a break with what it turned out to be", () => {
  expect(ownLinkLines(link(), speaking)).toEqual([
    '  Address   listens at 192.0.2.7:47321',
    '  Network   the network of the pairing · router aa:bb:cc:00:11:22',
  ]);
  const [first] = breaks(speaking.now.getTime());
  const lines = first === undefined ? [] : breakLines(first, 'MacBook', speaking);
  expect(lines[0]).toMatch(/^\S+ {2}MacBook cannot be reached · lasted 1 min$/);
  expect(lines).toContain('  First taken for: Tandem on MacBook does not respond');
});
