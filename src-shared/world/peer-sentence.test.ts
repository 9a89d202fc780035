import { expect, test } from 'vitest';
import {
  breaks,
  edgePeer,
  evidence,
  pairWorlds,
  peer,
  silentEvidence,
} from '../../test/doubles/pair-worlds.ts';
import { WORLD_AT } from '../../test/doubles/worlds.ts';
import { translator } from '../language/translate.ts';
import {
  breakWords,
  clusterSentence,
  evidenceGroups,
  evidenceSentence,
  linkSentence,
  seenSentence,
  toldSentence,
} from './peer-sentence.ts';
import { say, type Sentence } from './sentence.ts';

const now = new Date(WORLD_AT);
const english = { t: translator('en'), now };
const peerOf = (name: keyof typeof pairWorlds) => {
  const { peer: other } = pairWorlds[name];
  if (other === null) throw new Error(`${name} has no other Mac`);
  return other;
};
const spoken = (part: Sentence | null) => part && say(part, english);

test('the link in a few words', () => {
  expect(spoken(linkSentence(peer()))).toBe('up, 3 ms');
  expect(spoken(linkSentence(peer({ rttMs: null })))).toBe('up');
  expect(spoken(linkSentence(peer({ rttMs: 0.4 })))).toBe('up, <1 ms');
  expect(spoken(linkSentence(peerOf('suspect')))).toBe('silent for 1.4 s');
  expect(spoken(linkSentence(peerOf('partition')))).toBe('MacBook cannot be reached');
  expect(spoken(linkSentence(peerOf('leftAsleep')))).toBe('left: asleep');
  expect(spoken(linkSentence(peerOf('neverSeen')))).toBe('not heard yet');
});

test('how old it is grows with the time since the World was made', () => {
  const lost = peerOf('partition');
  expect(spoken(seenSentence(lost, WORLD_AT, now.getTime()))).toBe('last heard 42 s ago');
  expect(spoken(seenSentence(lost, WORLD_AT, now.getTime() + 60_000))).toBe('last heard 1 min 42 s ago');
  expect(spoken(seenSentence(peer({ lastSeenMs: null }), WORLD_AT, now.getTime()))).toBe('never heard');
});

test('what it told carries an age of its own only when it is older than its last sign of life', () => {
  const at = now.getTime();
  expect(toldSentence(peerOf('partition'), WORLD_AT, at)).toBeNull();
  const quiet = peer({ toldAt: new Date(at - 120_000).toISOString() });
  expect(spoken(toldSentence(quiet, WORLD_AT, at))).toBe('as of 2 min ago');
  expect(toldSentence(peer({ toldAt: null }), WORLD_AT, at)).toBeNull();
});

test('evidence stands under the Mac it speaks of, own eyes first', () => {
  const lines = evidenceGroups(silentEvidence, 'MacBook').map(
    (group) => `${spoken(group.label)}: ${group.lines.map(spoken).join('; ')}`,
  );
  expect(lines).toEqual([
    'This Mac: the router answers in 2 ms',
    "MacBook, from here: silent for 2.5 s on UDP and TCP; Tandem's port does not answer; its port 22 does not answer; nobody answers for its address",
    'MacBook of itself: its lid was closed',
  ]);
});

test('the same look has other words when it is told from the other side', () => {
  const heard = { probe: 'heartbeat', outcome: 'silent', ms: 41_000 } as const;
  expect(spoken(evidenceSentence(evidence(heard)))).toBe('silent for 41 s on UDP and TCP');
  expect(spoken(evidenceSentence(evidence({ ...heard, detail: 'UDP' })))).toBe('silent for 41 s on UDP only');
  expect(spoken(evidenceSentence(evidence({ ...heard, about: 'self', by: 'peer' })))).toBe(
    'was not heard either, for 41 s',
  );
  const bye = evidence({ by: 'peer', probe: 'bye', outcome: 'said', detail: 'lowBattery' });
  expect(spoken(evidenceSentence(bye))).toBe('said good-bye: battery low');
});

test('what another version saw is left out, not shown as a key', () => {
  expect(evidenceSentence(evidence({ probe: 'boot', outcome: 'denied' }))).toBeNull();
  expect(evidenceGroups([evidence({ probe: 'boot', outcome: 'denied' })], 'x')).toEqual([]);
});

test('a corrected break says what it was taken for first', () => {
  const [asleep, crashed, left] = breaks(now.getTime()).map((one) => breakWords(one, 'MacBook'));
  expect(spoken(asleep?.title ?? null)).toBe('MacBook cannot be reached');
  expect(spoken(asleep?.corrected ?? null)).toBe('First taken for: Tandem on MacBook does not respond');
  expect(spoken(asleep?.likely ?? null)).toBe('It turned out: asleep');
  expect(spoken(asleep?.lasted ?? null)).toBe('lasted 1 min');
  expect(crashed?.corrected).toBeNull();
  expect(spoken(crashed?.decided ?? null)).toBe('decided after 430 ms of silence');
  expect(spoken(left?.title ?? null)).toBe('MacBook left: battery low');
  expect(spoken(left?.decided ?? null)).toBe('decided at once');
});

test('a cluster that is stopped has no nodes to count', () => {
  const [running] = edgePeer().clusters ?? [];
  const [stopped] = peerOf('leftAsleep').clusters ?? [];
  expect(running && spoken(clusterSentence(running))).toBe('running · 1 of 1 node');
  expect(stopped && spoken(clusterSentence(stopped))).toBe('stopped');
});
