import { expect, test } from 'vitest';
import { selects } from './label-selector.ts';

const web = { app: 'web', tier: 'front' };

test('all labels must be there; an empty selector selects everything, none nothing', () => {
  expect(selects({ matchLabels: { app: 'web' } }, web)).toBe(true);
  expect(selects({ matchLabels: { app: 'web', tier: 'back' } }, web)).toBe(false);
  expect([selects({}, web), selects(undefined, web)]).toEqual([true, false]);
});

test.each([
  ['app', 'In', ['web', 'api'], true],
  ['app', 'In', ['api'], false],
  ['zone', 'In', ['a'], false],
  ['app', 'NotIn', ['api'], true],
  ['zone', 'NotIn', ['a'], true],
  ['app', 'NotIn', ['web'], false],
  ['app', 'Exists', [], true],
  ['zone', 'Exists', [], false],
  ['zone', 'DoesNotExist', [], true],
  ['app', 'DoesNotExist', [], false],
  ['app', 'Unheard', ['web'], false],
])('%s %s %j: %s', (key, operator, values, expected) => {
  expect(selects({ matchExpressions: [{ key, operator, values }] }, web)).toBe(expected);
  expect(selects({ matchLabels: { app: 'api' }, matchExpressions: [{ key, operator, values }] }, web)).toBe(
    false,
  );
});
