import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DemoView } from '../src-shared/demo.ts';
import { demoFromEnvironment } from './demo-feed.ts';

let folder: string;
let server: Server;
let demo: Promise<Socket>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-feed-'));
  server = createServer();
  demo = new Promise((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(join(folder, 's'), resolve));
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('documents become the picture, lines of control go out, and its end is told', async () => {
  const views: DemoView[] = [];
  let ended = false;
  const feed = demoFromEnvironment(
    { TANDEM_DEMO_SOCKET: join(folder, 's') },
    { push: (name, view) => name === 'shell.demo' && views.push(view as DemoView) },
    () => (ended = true),
  );
  const socket = await demo;
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  socket.write('{"event":"pair","front":"http://127.0.0.1:1/","wire":"namespaces","timeScale":10}\n');
  socket.write(
    'garbage\n{"event":"traffic","perSecond":{"core":40,"edge":160},"lost":1,"lostByKind":{"get":0,"post":1},"total":200}\n',
  );
  await expect.poll(() => views.length).toBe(2);
  expect(feed?.view()).toMatchObject({
    wire: 'namespaces',
    timeScale: 10,
    total: 200,
    lost: 1,
    seconds: [{ core: 40, edge: 160 }],
  });
  expect(feed?.send('battery 24')).toBe(true);
  await expect.poll(() => heard).toBe('battery 24\n');
  socket.destroy();
  await expect.poll(() => ended).toBe(true);
  expect(feed?.send('ac off')).toBe(false);
});

test('an app that no demo opened has none', () => {
  expect(demoFromEnvironment({}, { push: () => undefined }, () => undefined)).toBeNull();
});
