import { expect, test } from 'vitest';
import { translator } from '../../src-shared/language/translate.ts';
import { battery, cluster, operation, vitals, world, WORLD_AT } from '../../test/doubles/worlds.ts';
import { statusLines } from './status-lines.ts';

const now = new Date(WORLD_AT);
const lines = (change: Parameters<typeof world>[0], language: 'en' | 'ko' = 'en'): string =>
  statusLines(world(change), translator(language), now).join('\n');

test('a battery that is unknown is said to be, and none is left out', () => {
  expect(lines({ vitals: vitals({ battery: battery({ percent: null }) }) })).toMatch(/Battery +unknown/);
  expect(lines({ vitals: vitals({ battery: null }) })).not.toContain('Battery');
});

test('old values carry a mark, and the demo says that it is one', () => {
  const text = lines({
    vitals: vitals({ battery: battery({ stale: true }) }),
    clusters: [cluster({ provider: 'embedded' })],
  });
  expect(text).toMatch(/Battery.*\(old\)/);
  expect(text).toContain('Built-in demo cluster');
});

test('an operation shows each step with a mark of its own', () => {
  const text = lines({ clusters: [cluster({ state: 'starting', operation: operation() })] });
  expect(text).toMatch(/[✓●○] .+/);
});

test('a step that takes longer than usual says how long it usually takes', () => {
  const steps = operation().steps.map((step) =>
    step.step === 'waitApi' ? { ...step, elapsedMs: 41_000, slow: true as const } : step,
  );
  const text = lines({ clusters: [cluster({ state: 'starting', operation: operation({ steps }) })] });
  expect(text).toContain('Wait for the API  41 s, usually 19 s');
  expect(text.match(/usually/g)).toHaveLength(1);
});

test('Korean has no English left in its labels', () => {
  const text = lines({ vitals: vitals() }, 'ko');
  for (const word of ['Memory', 'Battery', 'Heat', 'Disk']) expect(text).not.toContain(word);
});
