import { expect, test } from 'vitest';
import { translator } from '../../src-shared/language/translate.ts';
import { defaultSettings } from '../../src-shared/settings.ts';
import { checkSetting } from './setting-check.ts';

const check = (key: string, value: unknown) => checkSetting(defaultSettings, key, value, translator('en'));

test('what fits may be written', () => {
  expect(check('stages.battery.drainPercent', 30)).toBeNull();
  expect(check('cluster.name', 'my-lab-2')).toBeNull();
});

test('what does not fit is told with its limit', () => {
  expect(check('cluster.hostPort', 80)).toBe('It must be at least 1024.');
  expect(check('cluster.nodes', 9)).toBe('It must be at most 3.');
  expect(check('cluster.nodes', Number.NaN)).toBe('A number is needed here.');
  expect(check('cluster.name', 'My Lab')).toBe('It cannot be written like this.');
});

test('limits stay in order', () => {
  expect(check('stages.battery.drainPercent', 40)).toContain('Warn, drain and stop must fall in this order');
  expect(check('stages.battery.clearPercent', 20)).toContain('must lie above');
});

test('limits of a departure and its return stay in order too', () => {
  expect(check('handoff.drainMinSeconds', 60)).toContain('quiet time');
  expect(check('handoff.coolDownMaxSeconds', 60)).toContain('cool-down');
  expect(check('handoff.return.firstPercent', 50)).toContain('second share');
  expect(
    checkSetting(
      { ...defaultSettings, traffic: { ...defaultSettings.traffic, shares: { core: 20, edge: 0 } } },
      'traffic.shares.core',
      0,
      translator('en'),
    ),
  ).toContain('One of the two');
});
