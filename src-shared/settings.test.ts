import { expect, test } from 'vitest';
import { defaultSettings, settingsSchema, sharesFrom, withSetting } from './settings.ts';

const valid = (...changes: [key: string, value: unknown][]): boolean =>
  settingsSchema.safeParse(
    changes.reduce<Record<string, unknown>>(
      (settings, [key, value]) => withSetting(settings, key, value),
      {},
    ),
  ).success;

test('the defaults are those of design/limits.md, Hand-off', () => {
  expect(defaultSettings.handoff).toMatchObject({
    deadlineSeconds: 120,
    countdownSeconds: 60,
    delayMinutes: 10,
    drainQuietSeconds: 5,
    drainMinSeconds: 10,
    drainMaxSeconds: 45,
    coolDownSeconds: 300,
    return: { firstPercent: 10, firstRequests: 100, secondPercent: 50, secondRequests: 500 },
  });
});

test('limits that contradict each other are refused together', () => {
  expect(valid(['handoff.drainMinSeconds', 50])).toBe(false);
  expect(valid(['handoff.drainMinSeconds', 4])).toBe(false);
  expect(valid(['handoff.drainMinSeconds', 50], ['handoff.drainMaxSeconds', 60])).toBe(true);
  expect(valid(['handoff.return.firstPercent', 50])).toBe(false);
  expect(valid(['handoff.coolDownSeconds', 3600], ['handoff.coolDownMaxSeconds', 600])).toBe(false);
});

test('a health path is what can be asked for', () => {
  for (const path of ['/', '/healthz?deep=1', '/a%20b'])
    expect(valid(['traffic.healthPath', path])).toBe(true);
  for (const path of ['', 'health', '/a b', '/a\tb', '/\u20ac', '/\u00e9', '/\n', '/\r\nX: 1'])
    expect([path, valid(['traffic.healthPath', path])]).toEqual([path, false]);
});

test('shares are set one at a time, and taken in proportion', () => {
  expect(valid(['traffic.shares.edge', 60])).toBe(true);
  expect(sharesFrom({ core: 20, edge: 60 })).toEqual({ core: 25, edge: 75 });
  expect(sharesFrom(defaultSettings.traffic.shares)).toEqual({ core: 20, edge: 80 });
  expect(sharesFrom({ core: 1, edge: 2 })).toEqual({ core: 33, edge: 67 });
  expect(valid(['traffic.shares.edge', 0])).toBe(true);
  expect(valid(['traffic.shares.edge', 0], ['traffic.shares.core', 0])).toBe(false);
});
