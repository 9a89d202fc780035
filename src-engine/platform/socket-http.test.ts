import type { RequestListener } from 'node:http';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serveOnSocket } from '../../test/doubles/socket-server.ts';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { askOverSocket, tryOverSocket, whyNone } from './socket-http.ts';

let socket: string;
const closers: (() => Promise<void>)[] = [];
beforeEach(() => void (socket = join(temporaryFolder('socket-http'), 'a.sock')));
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listening(answer: RequestListener): Promise<() => Promise<void>> {
  const close = await serveOnSocket(socket, answer);
  closers.push(close);
  return close;
}
const ask = (limitMs = 5000) => tryOverSocket({ socketPath: socket, method: 'GET', path: '/', limitMs });

describe('what came instead of an answer', () => {
  test('an answer, whatever its status', async () => {
    await listening((_, response) => response.writeHead(503).end('starting'));
    expect(await ask()).toEqual({ is: 'answered', answer: { status: 503, text: 'starting' } });
  });

  test('no socket, and one whose daemon is gone: nobody is there', async () => {
    expect(await ask()).toEqual({ is: 'refused' });
    const close = await listening((_, response) => response.end());
    // Its daemon was killed: nobody has removed the file.
    renameSync(socket, `${socket}.kept`);
    await close();
    renameSync(`${socket}.kept`, socket);
    expect(await ask()).toEqual({ is: 'refused' });
  });

  test('nothing within the limit, before its head or after', async () => {
    await listening((request, response) => {
      if (request.url === '/half') response.write('{');
    });
    expect(await ask(50)).toEqual({ is: 'timedOut' });
    expect(await tryOverSocket({ socketPath: socket, method: 'GET', path: '/half', limitMs: 50 })).toEqual({
      is: 'timedOut',
    });
  });

  test('an answer that breaks off is no word that nobody is there', async () => {
    await listening((request, response) => {
      if (request.url === '/half') response.write('{');
      setImmediate(() => request.socket.destroy());
    });
    expect(await ask()).toEqual({ is: 'broken' });
    const half = { socketPath: socket, method: 'GET', path: '/half', limitMs: 5000 } as const;
    expect(await tryOverSocket(half)).toEqual({ is: 'broken' });
    expect(await askOverSocket(half)).toBeNull();
  });
});

test.each([
  ['ENOENT', 'refused'],
  ['ECONNREFUSED', 'refused'],
  ['EACCES', 'denied'],
  ['EPERM', 'denied'],
  ['ECONNRESET', 'broken'],
  [undefined, 'broken'],
])('%s: %s', (code, why) => {
  expect(whyNone(code)).toBe(why);
});
