import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { noMemory, recall, remember, type FrontMemory } from './front-memory.ts';

const memory: FrontMemory = {
  kind: 'haproxy',
  shares: { core: 20, edge: 80 },
  gate: { host: '192.0.2.8', port: 47_381, pin: 'ab'.repeat(32) },
  config: {
    listen: { host: '127.0.0.1', port: 47_380 },
    core: { host: '127.0.0.1', port: 47_390, healthPath: '/' },
    edge: {
      host: '192.0.2.8',
      port: 47_381,
      tls: { ownPemFile: 'own.pem', peerPemFile: 'peer.pem', peerPin: 'ab'.repeat(32) },
    },
  },
};

test('what was remembered is recalled, and is for this user alone', async () => {
  const folder = join(temporaryFolder('memory'), 'run');
  expect(await recall(folder)).toEqual(noMemory);
  await remember(folder, memory);
  expect(await recall(folder)).toEqual(memory);
  expect((await stat(join(folder, 'traffic.json'))).mode & 0o777).toBe(0o600);
});

test.each([
  '',
  '{"shares":',
  '[]',
  '{"kind":"haproxy","shares":{"core":20,"edge":180},"gate":null,"config":null}',
])('cut or wrong (%j) it is nothing, and nothing goes to the edge', async (text) => {
  const folder = temporaryFolder('memory');
  await writeFile(join(folder, 'traffic.json'), text);
  expect((await recall(folder)).shares).toEqual({ core: 100, edge: 0 });
});
