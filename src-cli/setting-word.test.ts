import { expect, test } from 'vitest';
import { settingFrom } from './setting-word.ts';
import { housekeepingVerbs } from './verbs/housekeeping.ts';

test.each([
  // As typed, also where a number would be written otherwise.
  ['cluster.name', '123', '123'],
  ['cluster.name', '1e3', '1e3'],
  ['cluster.name', 'true', 'true'],
  ['cluster.name', 'lab', 'lab'],
  ['cluster.name', '"lab"', 'lab'],
  ['cluster.image', 'null', 'null'],
  ['link.address', '', ''],
  ['traffic.listen', '127.0.0.1:1', '127.0.0.1:1'],
  // What is no text is what it looks like; the engine refuses what does not fit.
  ['cluster.nodes', '3', 3],
  ['cluster.nodes', 'many', 'many'],
  ['tray.showPercent', 'false', false],
  ['stages', '{"battery":{}}', { battery: {} }],
  ['no.such.key', '30', 30],
])('settings set %s %s', (key, word, value) => {
  expect(settingFrom(key, word)).toEqual(value);
});

test('the verb sends the value by its setting, and nothing when nothing was given', async () => {
  const { before } = housekeepingVerbs['settings.set'];
  expect(await before({ key: 'cluster.name', value: '123' })).toEqual({ key: 'cluster.name', value: '123' });
  expect(await before({ key: 'cluster.nodes', value: '2' })).toEqual({ key: 'cluster.nodes', value: 2 });
  expect(await before({ key: 'cluster.nodes', value: undefined })).toEqual({ key: 'cluster.nodes' });
});
