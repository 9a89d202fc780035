import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runtimeSocket } from './runtime-socket.ts';

let folder = '';
let server: Server | null = null;
const open = new Set<Socket>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-hap-'));
});
afterEach(async () => {
  for (const socket of open) socket.destroy();
  open.clear();
  await new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)));
  server = null;
  await rm(folder, { recursive: true, force: true });
});

/** A runtime socket that does with each connection's command what it is told. */
async function answering(react: (command: string, socket: Socket) => void): Promise<string> {
  const path = join(folder, 's');
  server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => react(String(data), socket));
  });
  await new Promise<void>((resolve) => server?.listen(path, resolve));
  return path;
}

describe('runtimeSocket', () => {
  it('gives a question a connection of its own, and the whole answer back', async () => {
    const heard: string[] = [];
    const path = await answering((command, socket) => {
      heard.push(command);
      socket.write('80 (ini');
      setTimeout(() => socket.end('tial 20)\n\n'), 5);
    });
    const ask = runtimeSocket(path);
    expect(await Promise.all([ask('get weight be/core'), ask('get weight be/edge')])).toEqual([
      '80 (initial 20)\n\n',
      '80 (initial 20)\n\n',
    ]);
    expect(heard.sort()).toEqual(['get weight be/core\n', 'get weight be/edge\n']);
    expect(open.size).toBe(2);
  });

  it('asks several in one line of one connection', async () => {
    const heard: string[] = [];
    const path = await answering((line, socket) => {
      heard.push(line);
      socket.end('a\n\nb\n\n');
    });
    expect(await runtimeSocket(path)('show info', 'show stat')).toBe('a\n\nb\n\n');
    expect(heard).toEqual(['show info;show stat\n']);
  });

  it('never sends two commands for one', async () => {
    let heard = '';
    const path = await answering((command, socket) => {
      heard += command;
      socket.end('\n');
    });
    await runtimeSocket(path)('get weight be/x; set weight be/edge 80\nshow info');
    expect(heard).toBe('get weight be/x  set weight be/edge 80 show info\n');
  });

  it('has no answer when nobody listens, when it is cut off, and when nothing comes', async () => {
    expect(await runtimeSocket(join(folder, 'nobody'))('show info')).toBeNull();
    const silent = await answering(() => undefined);
    expect(await runtimeSocket(silent, { limitMs: 30 })('show info')).toBeNull();
  });

  it('takes an answer without a byte for a death, not for success', async () => {
    const path = await answering((_, socket) => socket.end());
    expect(await runtimeSocket(path)('set weight be/edge 0')).toBeNull();
  });

  it('has no answer that is longer than any of HAProxy', async () => {
    const path = await answering((_, socket) => socket.end('x'.repeat(1024 * 1024 + 1)));
    expect(await runtimeSocket(path)('show stat')).toBeNull();
  });
});
