import { expect, test } from 'vitest';
import type { BeatNow } from './beat/beat-ports.ts';
import { linkFacts, type FactSources } from './link-facts.ts';

const beat = (change: Partial<BeatNow> = {}): BeatNow => ({
  phase: 'up',
  phaseSinceMs: 0,
  cause: null,
  silenceMs: 100,
  echoStallMs: 120,
  rttMs: 2,
  quality: 'good',
  lastSeqSeen: 7,
  peerFacts: null,
  pauses: [],
  gaps: [],
  gapSeries: [],
  droppedSends: 0,
  ...change,
});
const facts = (change: Partial<FactSources> = {}) =>
  linkFacts({
    os: 'linux',
    limits: { decideMs: 2500, suspectMs: 1250 },
    nowMs: 100_000,
    beat: beat(),
    sessionUp: true,
    bye: null,
    sendError: null,
    moved: null,
    gatewayUsuallyAnswers: null,
    ...change,
  });

test('never heard is neither fresh nor silent', () => {
  expect(facts({ beat: beat({ silenceMs: null }) })).toMatchObject({ freshBeats: null, neverSeen: true });
});

test('fresh until the link would be suspect', () => {
  expect(facts({ beat: beat({ silenceMs: 1249 }) }).freshBeats).toBe(true);
  expect(facts({ beat: beat({ silenceMs: 1250 }) }).freshBeats).toBe(false);
});

test('own pauses count when they lie in the silence, and their newest end always', () => {
  const pauses = [
    { agoMs: 300, lastedMs: 700, slept: false },
    { agoMs: 1200, lastedMs: 900, slept: false },
    { agoMs: 9000, lastedMs: 4000, slept: true },
  ];
  expect(facts({ beat: beat({ silenceMs: 2000, pauses }) })).toMatchObject({
    ownPauseMs: 1600,
    resumedAgoMs: 300,
  });
  expect(facts({ beat: beat({ silenceMs: 100, pauses }) })).toMatchObject({
    ownPauseMs: null,
    resumedAgoMs: 300,
  });
  expect(facts()).toMatchObject({ ownPauseMs: null, resumedAgoMs: null });
});

test('a send that failed long ago says nothing of now', () => {
  const code = 'ENETUNREACH';
  expect(facts({ sendError: { code, atMs: 99_000 } }).ownSendError).toBe(code);
  expect(facts({ sendError: { code, atMs: 40_000 } }).ownSendError).toBeNull();
});

test('link 16: a move is news for a minute, with its age', () => {
  const moved = { who: 'peer', from: '192.0.2.2', to: '192.0.2.3' } as const;
  expect(facts({ moved: { ...moved, atMs: 95_000 } }).addressChanged).toEqual({ ...moved, agoMs: 5000 });
  expect(facts({ moved: { ...moved, atMs: 30_000 } }).addressChanged).toBeNull();
});
