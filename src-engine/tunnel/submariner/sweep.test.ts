import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fail } from '../../../src-shared/errors/result.ts';
import { openParts } from '../../../test/doubles/submariner-parts.ts';
import { makePrivateFolder } from '../../platform/files.ts';
import { untold, type Intent } from './memory.ts';
import { cancel } from './operation.ts';
import { repair } from './repair.ts';
import { openSubmariner } from './submariner.ts';
import { undoIntent } from './undo.ts';
import { verbsOf } from './verbs.ts';

const FILE = 'broker-info.subm';
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name !== 'work')
    .sort();
const cutOff: Intent = {
  verb: 'join',
  step: 'joinCluster',
  startedAt: '2026-01-01T00:00:00.000Z',
  touched: true,
  children: [],
  cluster: 'lab',
  clusterId: 'lab-edge',
  before: { ...untold, brokerNamespace: false, operatorNamespace: false, submariner: false },
  registers: false,
  undoFailed: false,
};

test('a join that is cancelled while the broker file comes leaves no letter of it', async () => {
  const bench = await openParts('edge');
  bench.onAnswers = () => {
    if (bench.parts.progress?.steps.find(({ status }) => status === 'running')?.id === 'fetchBroker')
      cancel(bench.parts);
  };
  expect(await verbsOf(bench.parts).join(undefined)).toMatchObject({ error: { code: 'cancelled' } });
  expect(bench.runs).toEqual([]);
  expect(filesIn(bench.folder)).toEqual([]);
});

test.each<['core' | 'edge', string[]]>([
  ['edge', []],
  ['core', [FILE]],
])('an engine that was killed leaves secrets to the next one, on the %s: %j stays', async (role, stays) => {
  const { ports, folder } = await openParts(role);
  await makePrivateFolder(join(folder, 'work'));
  for (const name of [FILE, 'kubeconfig', `work/${FILE}`, `work/${FILE}.2026-01-01`])
    writeFileSync(join(folder, name), 'a secret');
  const submariner = await openSubmariner(ports);
  expect(filesIn(folder)).toEqual(stays);
  await submariner.dispose();
});

test('the cluster is away when a join is undone: the broker file goes first', async () => {
  const { parts } = await openParts('edge');
  const { memory, ports } = parts;
  memory.intend(cutOff);
  await memory.keepBroker('a secret');
  const away = { ...parts, ports: { ...ports, openHands: async () => null } };
  expect(await undoIntent(away, cutOff)).toBe(false);
  expect(await memory.brokerText()).toBeNull();
});

test('no tool to undo with: the administrator’s kubeconfig is not left for it', async () => {
  const { parts, cluster, facts, folder } = await openParts('edge');
  parts.memory.intend(cutOff);
  cluster.namespaces.add('submariner-operator');
  facts.hasTool = false;
  await repair(parts, 'now');
  expect(parts.memory.intent()?.undoFailed).toBe(true);
  expect(filesIn(folder)).toEqual(['operation.json']);
});

test('a broker whose file is not read leaves none where subctl worked', async () => {
  const { parts, folder, subctl } = await openParts('core');
  const deploy = subctl['deploy-broker'];
  subctl['deploy-broker'] = async () => {
    await deploy();
    return fail('toolFailed', { tool: 'subctl', detail: 'at its end' });
  };
  expect((await verbsOf(parts).broker()).ok).toBe(false);
  expect(filesIn(folder).filter((name) => name.includes(FILE))).toEqual([]);
});
