import { expect, test } from 'vitest';
import {
  battery,
  cluster,
  operation,
  reason,
  stopped,
  vitals,
  world,
  worlds,
} from '../../test/doubles/worlds.ts';
import { translator } from '../language/translate.ts';
import { say } from './sentence.ts';
import { liveFailure, powerSentence, reasonSentence, showsDemo, stateSentence } from './state-sentence.ts';
import type { World } from './world.ts';

const english = { t: translator('en'), now: new Date('2026-03-02T09:30:00.000Z') };
const headlineOf = (of: World | null, engine?: 'connected' | 'starting' | 'lost') =>
  say(stateSentence(of, engine).headline, english);
const detailOf = (of: World) => {
  const { detail } = stateSentence(of);
  return detail && say(detail, english);
};

test('each state has its sentence', () => {
  expect(headlineOf(worlds.running)).toBe('All is well: tandem is running');
  expect(detailOf(worlds.running)).toBe('On battery, 2 h 10 min to the drain line');
  expect(headlineOf(worlds.idle)).toBe('tandem is stopped');
  expect(detailOf(worlds.idle)).toBe('On power, battery at 82\u00a0%');
  expect(headlineOf(worlds.absent)).toBe('There is no cluster yet');
  expect(headlineOf(worlds.starting)).toBe('Starting tandem');
  expect(detailOf(worlds.starting)).toBe('Step 3 of 4 · about 21 s left');
  expect(headlineOf(worlds.failed)).toBe('tandem could not be started');
  expect(detailOf(worlds.failed)).toMatch(/tandem-worker2.*no space left/);
  expect(detailOf(worlds.degraded)).toBe('2 of 3 nodes ready');
  expect(headlineOf(worlds.drain)).toBe('Battery low: plug in soon');
});

test('what is more serious is said first', () => {
  const all = world({
    clusters: [
      cluster({ name: 'a', operation: operation() }),
      worlds.failed.clusters[0]!,
      cluster({ name: 'b', state: 'unknown' }),
    ],
    vitals: vitals({ stage: 'stop', reasons: [reason({ stage: 'stop', value: 14, limit: 15 })] }),
  });
  const without = (name: string): World => ({
    ...all,
    clusters: all.clusters.filter((one) => one.name !== name),
  });
  expect(stateSentence(all, 'lost').situation).toBe('engineLost');
  expect(stateSentence(null).situation).toBe('engineStarting');
  expect(stateSentence(all).situation).toBe('failed');
  expect(stateSentence(without('tandem')).situation).toBe('stop');
  const calm = { ...without('tandem'), host: { ...all.host, vitals: vitals() } };
  expect(stateSentence(calm).situation).toBe('busy');
  expect(stateSentence({ ...calm, clusters: [calm.clusters[1]!] }).situation).toBe('unknown');
});

test('a failure is silent once cancelled, retried or overtaken by what is seen', () => {
  const { lastFailure } = worlds.failed.clusters[0]!;
  expect(liveFailure(stopped({ lastFailure }))).toBe(lastFailure);
  expect(liveFailure(stopped({ lastFailure, operation: operation() }))).toBeNull();
  expect(liveFailure(cluster({ lastFailure }))).toBeNull();
  expect(liveFailure(stopped({ lastFailure: { ...lastFailure!, code: 'cancelled' } }))).toBeNull();
});

test('a stage held without a reason says so', () => {
  const held = world({ vitals: vitals({ stage: 'drain', latched: true }) });
  expect(headlineOf(held)).toBe('Recovering: stay on power');
});

test('the battery is not spoken of when it is unknown or stale', () => {
  expect(powerSentence(vitals({ battery: null }))).toBeNull();
  expect(powerSentence(vitals({ battery: battery({ percent: null }) }))).toBeNull();
  expect(powerSentence(vitals({ battery: battery({ stale: true }) }))).toBeNull();
});

test('before the first look nobody says that there is nothing', () => {
  const looking = world({ clusters: [cluster({ state: 'unknown', why: 'notSeenYet', nodes: [] })] });
  expect(stateSentence(looking).situation).toBe('unknown');
  expect(headlineOf(looking)).toBe('Looking at tandem');
  expect(detailOf(looking)).toBe('not looked at yet');
  expect(headlineOf(world({ clusters: [], providers: [] }))).toBe('Tandem is starting');
});

test('a number that is not known is not said as 0', () => {
  const held = reason({ metric: 'battery.minutesToStop', value: null, limit: 10 });
  expect(say(reasonSentence(held), english)).toBe(
    'How long the battery lasts is not known now · the line is 10 min',
  );
  const supply = powerSentence(vitals({ battery: battery({ onAC: null }) }));
  expect(supply && say(supply, english)).toBe('Battery at 62\u00a0%; whether power is connected is unknown');
});

test('the demo cluster is told apart', () => {
  expect(showsDemo(worlds.demo)).toBe(true);
  expect(showsDemo(worlds.running)).toBe(false);
  expect(showsDemo(worlds.absent)).toBe(false);
});

test('every sentence of every state exists in both languages without holes', () => {
  for (const language of ['en', 'ko'] as const)
    for (const one of Object.values(worlds)) {
      const { headline, detail } = stateSentence(one);
      const words = [headline, ...(detail ? [detail] : [])].map((part) =>
        say(part, { t: translator(language), now: new Date() }),
      );
      for (const text of words) expect(text).not.toMatch(/\{\{|^(sentence|reason|error)\./);
    }
});
