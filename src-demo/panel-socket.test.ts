import { existsSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPanelSocket, type PanelSocket } from './panel-socket.ts';

let heard: string[];
let panel: PanelSocket;
let clients: Socket[];

beforeEach(async () => {
  heard = [];
  clients = [];
  panel = await openPanelSocket((line) => heard.push(line));
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await panel.close();
});

const join = async (): Promise<{ socket: Socket; lines: string[] }> => {
  const socket = connect(panel.path);
  const lines: string[] = [];
  clients.push(socket);
  createInterface(socket).on('line', (line) => lines.push(line));
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, lines };
};

test('who comes later is told the last of what it needs, and then all', async () => {
  panel.tell({ event: 'traffic', total: 1 });
  panel.tell({ event: 'traffic', total: 2 });
  panel.tell({ event: 'handoff', state: 'SERVING' });
  panel.tell({ event: 'pair', wire: 'loopback' });
  const { lines } = await join();
  await expect.poll(() => lines.length).toBe(2);
  panel.tell({ event: 'handoff', state: 'WARNED' });
  await expect
    .poll(() => lines)
    .toEqual([
      '{"event":"pair","wire":"loopback"}',
      '{"event":"traffic","total":2}',
      '{"event":"handoff","state":"WARNED"}',
    ]);
});

test('lines come in; one without an end cuts its panel off', async () => {
  const { socket } = await join();
  socket.write('ac off\nbattery 24\n');
  await expect.poll(() => heard).toEqual(['ac off', 'battery 24']);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined);
  socket.write('x'.repeat(300));
  await closed;
  expect(heard).toHaveLength(2);
});

test('nobody else may come in, and nothing is left', async () => {
  const folder = dirname(panel.path);
  expect([statSync(folder).mode & 0o777, statSync(panel.path).mode & 0o777]).toEqual([0o700, 0o600]);
  await panel.close();
  expect(existsSync(folder)).toBe(false);
});
