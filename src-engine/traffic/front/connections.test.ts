import { createServer, type AddressInfo, type Socket } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { pairOfKeys } from '../../../test/doubles/pair-keys.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { startGate } from '../../../test/doubles/test-gate.ts';
import { createConnections, type Connections } from './connections.ts';
import { pairProof } from './secure.ts';

const opened = (connections: Connections): Promise<{ error: Error | null; socket: Duplex }> =>
  new Promise((resolve) => void connections.open((error, socket) => resolve({ error, socket })));

/** A server that accepts, and what it has accepted. */
async function acceptor() {
  const sockets: Socket[] = [];
  const ends: string[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', (error) => void ends.push(error.message));
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { address: { host: '127.0.0.1', port }, sockets, ends };
}

function proofOf(keys: ReturnType<typeof pairOfKeys>) {
  const ownPemFile = join(temporaryFolder('connections'), 'own.pem');
  writeFileSync(ownPemFile, keys.core.certificatePem + keys.core.keyPem);
  return pairProof({ ownPemFile, peerPemFile: '', peerPin: keys.edge.pin });
}

test('a connection is told when both ends have proven themselves, and not when the other shows another key', async () => {
  const keys = pairOfKeys();
  const gate = await startGate(keys.edge, keys.core.pin);
  const stranger = await startGate(pairOfKeys().edge, keys.core.pin);
  const to = (port: number) => createConnections({ host: '127.0.0.1', port }, 5000, proofOf(keys));
  const { error, socket } = await opened(to(gate.port));
  expect(error).toBeNull();
  socket.destroy();
  expect((await opened(to(stranger.port))).error?.message).toBe('another key');
});

test('who accepts and shows nothing is given up within the limit; who refuses, at once', async () => {
  const { address } = await acceptor();
  const began = performance.now();
  const { error } = await opened(createConnections(address, 90, proofOf(pairOfKeys())));
  expect(error?.message).toBe('not connected in time');
  expect(performance.now() - began).toBeGreaterThanOrEqual(85);
  const nobody = createConnections({ host: '127.0.0.1', port: 1 }, 5000, null);
  expect((await opened(nobody)).error?.message).toContain('ECONNREFUSED');
});

test('a pause of this process is not the other end being slow', async () => {
  const { address } = await acceptor();
  const opening = opened(createConnections(address, 90, null));
  const until = performance.now() + 200;
  while (performance.now() < until);
  const { error, socket } = await opening;
  expect(error).toBeNull();
  socket.destroy();
});

test('reset ends what is open by RST, what is being opened too, and the next one is a new beginning', async () => {
  const { address, sockets, ends } = await acceptor();
  const connections = createConnections(address, 5000, null);
  const { socket } = await opened(connections);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const second = opened(connections);
  connections.reset();
  expect((await second).error).not.toBeNull();
  await closed;
  await new Promise<void>((resolve) => {
    if (sockets[0]?.destroyed) resolve();
    else sockets[0]?.once('close', () => resolve());
  });
  expect(ends.join()).toContain('ECONNRESET');
  const { error, socket: third } = await opened(connections);
  expect(error).toBeNull();
  third.destroy();
});
