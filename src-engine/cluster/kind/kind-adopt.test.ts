import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kindBench, NAME, nodeNames } from '../../../test/doubles/kind-bench.ts';
import { recording } from '../../../test/doubles/replayed-tool.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { adoptKind, kindClusters } from './kind-adopt.ts';

const AT = '2026-01-01T00:00:00.000Z';
const settings = { hostPort: 47_390, nodePort: 30_080 };
const told = recording('get-kubeconfig-ok', 'get');

test('one that runs: what it is made of, a private copy of its kubeconfig, and nothing is changed', async () => {
  const bench = await kindBench({ kind: [told] });
  bench.cluster(2);
  const theirs = join(temporaryFolder('theirs'), 'config');
  writeFileSync(theirs, 'current-context: their-own\n');
  expect(await kindClusters(bench.hands)).toEqual([
    { name: NAME, provider: 'kind', nodes: 2, state: 'running' },
  ]);
  expect(await adoptKind(bench.hands, NAME, AT, settings)).toEqual({
    ok: true,
    value: {
      name: NAME,
      provider: 'kind',
      createdAt: AT,
      nodes: 2,
      image: 'example/node:1',
      hostPort: 28080,
      nodePort: 30080,
      config: '',
      tunnel: null,
    },
  });
  const copy = bench.hands.files.kubeconfig(NAME);
  expect(readFileSync(copy, 'utf8')).toBe(told.stdout);
  expect(statSync(copy).mode & 0o777).toBe(0o600);
  expect(readFileSync(theirs, 'utf8')).toBe('current-context: their-own\n');
  expect(bench.kind.calls().map(({ kubeconfig }) => kubeconfig)).toEqual([copy]);
  expect(bench.daemon.requests.filter((line) => !line.startsWith('GET'))).toEqual([]);
});

test('one that is stopped gets its copy at its next start, once kind can look inside', async () => {
  const bench = await kindBench({ kind: [told] });
  bench.cluster(1);
  bench.daemon.set(nodeNames(1)[0] ?? '', 'exited');
  expect(await adoptKind(bench.hands, NAME, AT, settings)).toMatchObject({ ok: true });
  expect(await bench.hands.files.kubeconfigText(NAME)).toBeNull();
  expect((await bench.run('start')).error).toBeNull();
  expect(await bench.hands.files.kubeconfigText(NAME)).toBe(told.stdout);
});

test('nothing there, several control planes, a daemon that is away: each by its name', async () => {
  const bench = await kindBench();
  const adopt = () => adoptKind(bench.hands, NAME, AT, settings);
  expect(await adopt()).toMatchObject({ error: { code: 'nothingToAdopt', params: { name: NAME } } });
  bench.daemon.put('one', { cluster: NAME, role: 'control-plane' });
  bench.daemon.put('two', { cluster: NAME, role: 'control-plane' });
  expect(await adopt()).toMatchObject({ error: { code: 'configNodes', params: { controlPlanes: 2 } } });
  await bench.daemon.goDown();
  expect(await adopt()).toMatchObject({ error: { code: 'dockerDown' } });
  expect(await kindClusters(bench.hands)).toEqual([]);
});
