import { expect, test } from 'vitest';
import { settingKeys } from '../../src-shared/settings.ts';
import { isMessageKey } from '../../src-shared/language/translate.ts';
import { sections } from './sections.ts';
import { settingFields, unitOf } from './setting-fields.ts';

const fields = settingFields();
const field = (key: string) => fields.find((one) => one.key === key);

test('every setting of the schema is a field, with its range', () => {
  expect(fields.map((one) => one.key)).toEqual(settingKeys());
  expect(field('cluster.hostPort')).toEqual({
    key: 'cluster.hostPort',
    kind: 'number',
    min: 1024,
    max: 65_535,
    step: 1,
  });
  expect(field('language')).toEqual({ key: 'language', kind: 'choice', options: ['auto', 'en', 'ko'] });
  expect(field('notices.enabled')).toEqual({ key: 'notices.enabled', kind: 'toggle' });
  expect(field('cluster.image')).toEqual({ key: 'cluster.image', kind: 'text' });
});

test('units follow from the names', () => {
  expect(unitOf('stages.battery.drainPercent')).toBe('percent');
  expect(unitOf('stages.thermal.warnSecondsFanless')).toBe('seconds');
  expect(unitOf('stages.minutes.warn')).toBe('minutes');
  expect(unitOf('stages.memory.swapMegabytesPerMinute')).toBe('megabytesPerMinute');
  expect(unitOf('cluster.memoryMegabytes')).toBe('megabytes');
  expect(unitOf('link.beatMs')).toBe('milliseconds');
  expect(unitOf('handoff.delayMinutes')).toBe('minutes');
  expect(unitOf('handoff.return.successPercent')).toBe('percent');
  expect(unitOf('traffic.shares.edge')).toBeNull();
  expect(unitOf('handoff.deadlineSeconds')).toBe('seconds');
  expect(unitOf('cluster.hostPort')).toBeNull();
});

test('every setting that the page shows exists and has a label', () => {
  const shown = sections.flatMap((section) => section.keys);
  expect(new Set(shown).size).toBe(shown.length);
  for (const key of shown) {
    expect(field(key), key).toBeDefined();
    expect(isMessageKey(`setting.${key}`), key).toBe(true);
  }
});

test('every choice that the page shows has a word', () => {
  for (const one of fields)
    if (one.kind === 'choice' && sections.some((section) => section.keys.includes(one.key)))
      for (const option of one.options)
        expect(isMessageKey(`setting.${one.key}.${option}`), `${one.key} ${option}`).toBe(true);
});
