import { expect, test } from 'vitest';
import { handoff, leaveReason } from '../../test/doubles/handoff-parts.ts';
import { coreWorlds, edgeWorlds } from '../../test/doubles/handoff-worlds.ts';
import { cluster, operation, stopped, WORLD_AT } from '../../test/doubles/worlds.ts';
import { translator } from '../language/translate.ts';
import { handoffNoticeSentence } from './handoff-notice-sentence.ts';
import { handoffStateSchema, reasonNameSchema } from './handoff.ts';
import { leaveReasonSentence } from './handoff-sentence.ts';
import { say } from './sentence.ts';
import { stateSentence } from './state-sentence.ts';
import type { World } from './world.ts';

const english = { t: translator('en'), now: new Date(WORLD_AT) };
const told = (of: World) => {
  const { situation, severity, headline, detail } = stateSentence(of);
  return [situation, severity, say(headline, english), detail && say(detail, english)];
};
const TIME = /\d\d:\d\d/;

test('on the edge: where the traffic goes, why, and by when', () => {
  expect(told(edgeWorlds.serving).slice(0, 3)).toEqual(['well', 'ok', 'Both Macs are well']);
  const [situation, severity, headline, detail] = told(edgeWorlds.countdown);
  expect([situation, severity, headline]).toEqual(['warned', 'warn', 'This Mac is about to leave']);
  expect(detail).toMatch(/^Battery at 24 % · begins at \d\d:\d\d$/);
  expect(told(edgeWorlds.shifting)[2]).toBe('Moving traffic to Mac mini');
  expect(told(edgeWorlds.draining)[2]).toBe('Letting the last requests finish');
  expect(told(edgeWorlds.draining)[3]).toMatch(/^Battery at 24 % · done by/);
});

test('the lid is safe from the proof on, whatever the battery and the cluster say', () => {
  expect(told(edgeWorlds.released)).toEqual([
    'safe',
    'ok',
    'Safe to close the lid',
    'Only the cluster is still being stopped',
  ]);
  expect(told(edgeWorlds.offline).slice(0, 3)).toEqual(['safe', 'ok', 'Safe to close the lid']);
  const unproven = {
    ...edgeWorlds.offline,
    handoff: { ...edgeWorlds.offline.handoff!, safeToCloseLid: null },
  };
  expect(told(unproven).slice(0, 3)).toEqual(['edgeGone', 'warn', 'This Mac has left']);
});

test('a person who starts the cluster by hand sees that, and a failure comes before the rest', () => {
  const starting = {
    ...edgeWorlds.offlineByPerson,
    clusters: [stopped({ state: 'starting', operation: operation() })],
  };
  expect(told(starting)[0]).toBe('busy');
  const lastFailure = { at: WORLD_AT, verb: 'start', code: 'dockerDown', params: {} } as const;
  expect(told({ ...edgeWorlds.offline, clusters: [stopped({ lastFailure })] })[0]).toBe('failed');
});

test('on the core: the same of its edge', () => {
  expect(told(coreWorlds.warned)).toEqual([
    'warned',
    'warn',
    'MacBook may have to leave soon',
    'Battery at 33 % · this Mac gets ready',
  ]);
  expect(told(coreWorlds.draining)[2]).toBe('MacBook finishes its last requests');
  const [situation, severity, headline, detail] = told(coreWorlds.offline);
  expect([situation, severity, headline]).toEqual(['edgeGone', 'ok', 'This Mac serves everything']);
  expect(detail).toMatch(/^MacBook left at \d\d:\d\d · it returns by itself$/);
});

test('an announced silence is no break; a core that is offline itself still says so', () => {
  const asleep = { ...coreWorlds.offline, peer: { ...coreWorlds.lost.peer! } };
  expect(told(asleep)[0]).toBe('edgeGone');
  const offline = { ...asleep, peer: { ...asleep.peer, class: 'SELF_OFFLINE' as const } };
  expect(told(offline)[2]).toBe('This Mac is offline');
  const broken = { ...coreWorlds.offline, clusters: [cluster({ state: 'degraded' })] };
  expect(told(broken)[0]).toBe('degraded');
});

test('a loss keeps the words of its break, and says that everything is served', () => {
  const [situation, , headline, detail] = told(coreWorlds.lost);
  expect([situation, headline]).toEqual(['partition', 'MacBook cannot be reached']);
  expect(detail).toMatch(/most likely asleep · this Mac serves everything$/);
  expect(told(coreWorlds.lostGate).slice(0, 3)).toEqual(['lost', 'bad', 'MacBook stopped answering']);
});

test('a hold says why, a return where it is, a front that is down comes first', () => {
  expect(told(edgeWorlds.hold)[3]).toBe('The front took weight 0, but requests still reached the edge.');
  expect(told(edgeWorlds.returning)[3]).toBe('On trial with 50\u00a0% of the traffic · goal 80\u00a0%');
  const [situation, severity, , detail] = told(coreWorlds.frontDown);
  expect([situation, severity]).toEqual(['frontDown', 'bad']);
  expect(detail).toContain('port 47380');
});

test('every state on both Macs and in both languages, without holes', () => {
  const whole = [[], [leaveReason()], [leaveReason({ name: 'user', detail: null })]];
  for (const t of [translator('en'), translator('ko')])
    for (const base of [edgeWorlds.serving, coreWorlds.serving])
      for (const state of handoffStateSchema.options)
        for (const reasons of whole) {
          const { headline, detail } = stateSentence({ ...base, handoff: handoff({ state, reasons }) });
          for (const part of [headline, ...(detail === null ? [] : [detail])])
            expect(say(part, { t, now: english.now }), state).not.toMatch(/\{\{|\?|handoff\./);
        }
});

test.each(reasonNameSchema.options)('%s has words in both languages, with and without a reading', (name) => {
  for (const t of [translator('en'), translator('ko')])
    for (const detail of [null, 'x 1'])
      expect(say(leaveReasonSentence(leaveReason({ name, detail })), { t, now: english.now })).not.toMatch(
        /\{\{|\?|handoff\./,
      );
});

test('two Macs of the same name are told apart', () => {
  const { shifting } = edgeWorlds;
  const twins = { ...shifting, peer: { ...shifting.peer!, name: shifting.host.name } };
  expect(told(twins)[2]).toBe('Moving traffic to MacBook (core)');
});

test('a reason is told with its reading where that says more', () => {
  const spoken = (name: (typeof reasonNameSchema.options)[number], detail: string | null) =>
    say(leaveReasonSentence(leaveReason({ name, detail })), english);
  expect(spoken('battery', '24 %')).toBe('Battery at 24 %');
  expect(spoken('battery', null)).toBe('Battery low');
  expect(spoken('lid', 'closed')).toBe('Lid closed');
  expect(spoken('user', 'lunch')).toBe('Asked for: lunch');
});

test('notices say the same to both, in both languages, and lose words rather than break', () => {
  const kinds = ['handoffWarned', 'handoffMoved', 'handoffReturned', 'handoffHeld', 'handoffLost'] as const;
  const rich = {
    name: 'MacBook',
    reason: 'battery',
    detail: '24 %',
    endsAt: WORLD_AT,
    moved: 12,
    cut: 0,
    share: 80,
  };
  for (const t of [translator('en'), translator('ko')])
    for (const kind of kinds)
      for (const params of [{}, { side: 'core' }, { ...rich, side: 'core', code: 'flapping' }, rich]) {
        const { title, body } = handoffNoticeSentence(kind, params);
        for (const part of [title, ...body])
          expect(say(part, { t, now: english.now }), kind).not.toMatch(/\{\{|\?|notice\./);
      }
  const moved = handoffNoticeSentence('handoffMoved', { side: 'edge', name: 'Mac mini', moved: 1, cut: 2 });
  expect(moved.body.map((part) => say(part, english))).toEqual([
    'Mac mini serves everything.',
    '2 requests were still open and were cut.',
  ]);
  expect(say(handoffNoticeSentence('handoffWarned', rich).body[0]!, english)).toMatch(TIME);
});
