import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { noteBefore, openMemory, untold, type Intent } from './memory.ts';

const intent: Intent = {
  verb: 'join',
  step: 'joinCluster',
  startedAt: '2026-01-01T00:00:00.000Z',
  touched: true,
  children: [],
  cluster: 'lab',
  clusterId: 'lab-edge',
  before: untold,
  registers: false,
  undoFailed: false,
};
/** As a Tandem before this one wrote them. */
const older = {
  intent: {
    ...intent,
    registers: undefined,
    before: { brokerNamespace: false, gatewayNode: 'a', hadLabel: true },
  },
  joined: { clusterId: 'lab-edge', cluster: 'lab', brokerUrl: 'https://x', gatewayNode: 'a', hadLabel: true },
};

test('files of an older Tandem are read: what it did not note may have stood, and stays', async () => {
  const folder = temporaryFolder('submariner');
  await writeFile(join(folder, 'operation.json'), JSON.stringify(older.intent));
  const kept = { broker: null, joined: older.joined, leftIds: [] };
  await writeFile(join(folder, 'kept.json'), JSON.stringify(kept));
  const memory = await openMemory(folder);
  expect(memory.intent()).toEqual({
    ...intent,
    before: { ...older.intent.before, operatorNamespace: true, submariner: true, publicIp: null },
  });
  expect(memory.kept().joined).toEqual({ ...older.joined, publicIp: null });
});

test('what is found out on the way is on disk, and nothing without a verb', async () => {
  const folder = temporaryFolder('submariner');
  const memory = await openMemory(folder);
  noteBefore(memory, { submariner: false });
  expect(memory.intent()).toBeNull();
  memory.intend(intent);
  noteBefore(memory, { submariner: false, publicIp: 'dns:a' });
  const again = await openMemory(folder);
  expect(again.intent()?.before).toEqual({ ...untold, submariner: false, publicIp: 'dns:a' });
});
