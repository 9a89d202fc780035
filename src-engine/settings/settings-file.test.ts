import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { defaultSettings } from '../../src-shared/settings.ts';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { changed, readSettings, saveSettings, setAside, settingsFrom } from './settings-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryFolder('settings');
  file = join(folder, 'engine.json');
});

test('no file is no problem; unknown keys of a good one are kept', async () => {
  expect(await readSettings(file)).toEqual({ kind: 'none' });
  await writeFile(file, '{"language":"ko","mine":1}');
  expect(await readSettings(file)).toMatchObject({ kind: 'good', settings: { language: 'ko', mine: 1 } });
});

test.each(['', '{"role":', 'junk', 'null', '[]', '3', '"text"'])('%s is no settings', (text) => {
  expect(settingsFrom(text).kind).toBe('bad');
});

test('a value out of its range is bad, and its key is named', () => {
  expect(settingsFrom('{"cluster":{"nodes":99}}')).toMatchObject({
    kind: 'bad',
    detail: expect.stringContaining('cluster.nodes'),
  });
});

test('a file that is there and cannot be read is not "no file"', async () => {
  await mkdir(file);
  expect(await readSettings(file)).toEqual({ kind: 'unreadable', detail: 'EISDIR' });
});

test('saved whole, for this user alone, and read back', async () => {
  await saveSettings(file, { ...defaultSettings, language: 'en' });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['engine.json']);
  expect(await readSettings(file)).toMatchObject({ kind: 'good', settings: { language: 'en' } });
});

test('set aside under a name of its own, byte for byte', async () => {
  await writeFile(file, 'junk');
  const name = await setAside(file, new Date('2026-01-02T03:04:05.000Z'));
  expect(await readdir(folder)).toEqual([name]);
  expect(await readFile(join(folder, name), 'utf8')).toBe('junk');
});

test('docs/release.md, step 7: warn at 99 % goes by way of clear at 100 %, and back', () => {
  const set = (settings: typeof defaultSettings, key: string, value: number) =>
    changed(settings, `stages.battery.${key}`, value);
  expect(set(defaultSettings, 'warnPercent', 99).ok).toBe(false);
  let settings = defaultSettings;
  for (const [key, value] of [
    ['clearPercent', 100],
    ['warnPercent', 99],
    ['warnPercent', 35],
    ['clearPercent', 40],
  ] as const) {
    const next = set(settings, key, value);
    expect(next.ok).toBe(true);
    if (next.ok) settings = next.value;
  }
  expect(settings).toEqual(defaultSettings);
});
