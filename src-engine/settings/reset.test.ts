import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Caller } from '../../src-shared/commands/registry.ts';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { homeAt, shortFolder, type Home } from '../platform/home.ts';
import { lockHome } from '../platform/single-engine.ts';
import { resetHandlers } from './reset.ts';

const caller: Caller = { send: () => undefined, onClose: () => undefined };
let home: Home;

beforeEach(async () => {
  home = homeAt(temporaryFolder('reset'));
  for (const folder of ['logs', 'run', 'shell/Cache', 'clusters/kind', 'clusters/embedded/demo'])
    await mkdir(join(home.root, folder), { recursive: true });
  await mkdir(shortFolder(home.root));
  for (const file of [
    'engine.json',
    'engine.json.bad-2026',
    'handoff.json',
    'handoff.json.unreadable-1764000000000',
    'handoff.json.other-1764000000000',
    'history.jsonl',
    'history-2026.jsonl',
    'clusters/kind/lab.kubeconfig',
    'clusters/kind/lab.json',
    'clusters/kind/gone.kubeconfig',
    'clusters/durations.json',
    'notes-of-mine.txt',
  ])
    await writeFile(join(home.root, file), 'x');
  const clusters = [
    { name: 'lab', provider: 'kind' },
    { name: 'demo', provider: 'embedded' },
  ];
  await writeFile(join(home.clusters, 'registry.json'), JSON.stringify({ clusters }));
});

const run = (foreign: readonly string[], yes = true) =>
  resetHandlers({
    home,
    removeService: async () => null,
    endProcesses: async () => ['demo-node'],
    foreignClusters: async () => foreign,
  })['reset.run']({ yes }, caller);

test('everything of ours goes, also what lies in tmp; what is not ours stays', async () => {
  const result = await run([]);
  expect(result).toMatchObject({ ok: true, value: { kept: [join(home.root, 'notes-of-mine.txt')] } });
  expect(await readdir(home.root)).toEqual(['notes-of-mine.txt']);
  await expect(stat(shortFolder(home.root))).rejects.toThrow('ENOENT');
  expect(result.ok && result.value.removed).toEqual(
    expect.arrayContaining(['process demo-node', shortFolder(home.root), join(home.root, 'shell')]),
  );
});

test('a cluster in the care of its tool stays known, with its kubeconfig', async () => {
  const result = await run(['lab']);
  expect(result).toMatchObject({
    ok: true,
    value: { kept: expect.arrayContaining(['cluster lab', join(home.clusters, 'kind/lab.kubeconfig')]) },
  });
  expect((await readdir(home.root)).sort()).toEqual(['clusters', 'notes-of-mine.txt']);
  expect((await readdir(home.clusters)).sort()).toEqual(['kind', 'registry.json']);
  expect((await readdir(join(home.clusters, 'kind'))).sort()).toEqual(['lab.json', 'lab.kubeconfig']);
  expect(JSON.parse(await readFile(join(home.clusters, 'registry.json'), 'utf8'))).toEqual({
    clusters: [{ name: 'lab', provider: 'kind' }],
  });
});

test('nothing goes without a yes, or beside an engine', async () => {
  const before = await readdir(home.root);
  expect(await run([], false)).toMatchObject({ ok: false, error: { code: 'notConfirmed' } });
  const engine = await lockHome(home);
  expect(await run([])).toMatchObject({ ok: false, error: { code: 'engineAlreadyRunning' } });
  expect(await readdir(home.root)).toEqual(before);
  if (engine.ok) await engine.value.release();
});
