import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { dockerGet } from './docker-socket.ts';
import { dockerVm } from './host-sources.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A daemon on a socket of its own. */
async function daemon(answer: RequestListener): Promise<string> {
  const folder = temporaryFolder('docker');
  const socket = join(folder, 'docker.sock');
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return socket;
}

const json =
  (value: unknown): RequestListener =>
  (_, response) =>
    response.end(JSON.stringify(value));
const noFiles = { read: () => Promise.resolve(null), list: () => Promise.resolve([]) };

describe('the Docker socket', () => {
  test('answers, refuses, hangs, breaks off, or is not there', async () => {
    expect(await dockerGet(await daemon(json({ a: 1 })), '/info', 1000)).toEqual({ a: 1 });
    expect(
      await dockerGet(await daemon((_, response) => response.writeHead(500).end('{}')), '/info', 1000),
    ).toBeNull();
    expect(await dockerGet(await daemon((_, response) => response.end('<html>')), '/info', 1000)).toBeNull();
    expect(await dockerGet(await daemon(() => undefined), '/info', 50)).toBeNull();
    const broken = await daemon((request, response) => {
      response.write('{"a":');
      setTimeout(() => request.socket.destroy(), 20);
    });
    expect(await dockerGet(broken, '/info', 1000)).toBeNull();
    expect(await dockerGet('/nowhere/docker.sock', '/info', 1000)).toBeNull();
  });

  test('the virtual machine: total from /info, used from one shot of each container', async () => {
    const asked: string[] = [];
    const socket = await daemon((request, response) => {
      asked.push(request.url ?? '');
      const answers: Record<string, unknown> = {
        '/info': { OperatingSystem: 'OrbStack', Name: 'orbstack', KernelVersion: 'x', MemTotal: 4000 },
        '/containers/json': [{ Id: 'ab'.repeat(32) }],
      };
      const stats = { memory_stats: { usage: 900, stats: { inactive_file: 100 } } };
      response.end(JSON.stringify(answers[request.url ?? ''] ?? stats));
    });
    expect(await dockerVm(() => socket, noFiles, 'darwin').read()).toEqual({
      runtime: 'orbstack',
      configuredBytes: null,
      guestTotalBytes: 4000,
      guestUsedBytes: 800,
    });
    expect(asked.at(-1)).toBe(`/containers/${'ab'.repeat(32)}/stats?stream=false&one-shot=true`);
  });

  test('no socket, no virtual machine', async () => {
    expect(await dockerVm(() => null, noFiles, 'darwin').read()).toBeNull();
    expect(await dockerVm(() => '/nowhere/docker.sock', noFiles, 'darwin').read()).toBeNull();
  });
});
