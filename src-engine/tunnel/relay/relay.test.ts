import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Duplex } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { oneKey, pairOfKeys, type KeyPair } from '../../../test/doubles/pair-keys.ts';
import { bareWish, pemOf, talk, testRelay, testService } from '../../../test/doubles/relay-pair.ts';
import type { RelayWish, Upstream } from './relay-config.ts';

const web = { namespace: 'shop', name: 'web', port: 80 };
const loopback = ['127.0.0.0/8'];
/** A machine that is busy with other tests takes its time. */
vi.setConfig({ testTimeout: 30_000 });
const untilSeen = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 20 });

/** Core exports shop/web, edge has it on a port of its own. */
async function pair(
  to: Upstream,
  more: { allow?: string[]; openPod?: Parameters<typeof testRelay>[0] } = {},
) {
  const keys = pairOfKeys();
  const core = testRelay(more.openPod);
  const edge = testRelay();
  const coreWish = bareWish(keys.edge.pin, { exports: [{ ...web, to }] });
  await core.use(coreWish, pemOf(keys.core));
  const edgeWish = bareWish(keys.core.pin, {
    peer: core.state().listen,
    imports: [{ ...web, listen: { host: '127.0.0.1', port: 0 }, allow: more.allow ?? loopback }],
  });
  await edge.use(edgeWish, pemOf(keys.edge));
  const port = edge.state().imports[0]?.listen?.port ?? 0;
  return { keys, core, edge, coreWish, edgeWish, port };
}

const tcp = (port: number): Upstream => ({ kind: 'tcp', host: '127.0.0.1', port });

test('what is said at this Mac’s port is said to the service of the other, both ways, and each half ends by itself', async () => {
  const megabyte = 'x'.repeat(1024 * 1024);
  // It answers only when the caller has said all: a half that was closed too early would lose the answer.
  const service = await testService((socket) => {
    let bytes = 0;
    socket.on('data', (piece: Buffer) => (bytes += piece.length));
    socket.on('end', () => socket.end(`${bytes} ${megabyte}`));
  });
  const { port, core, edge } = await pair(tcp(service.port));
  const { text, how } = await talk(port, megabyte);
  expect(how).toBe('end');
  expect(text).toBe(`${1024 * 1024} ${megabyte}`);
  await untilSeen(() =>
    expect([core.state().exports[0]?.connections, edge.state().imports[0]?.connections]).toEqual([0, 0]),
  );
});

test('what breaks on one side is broken on the other, and no end', async () => {
  const service = await testService((socket) => {
    socket.once('data', () => socket.resetAndDestroy());
  });
  const { port } = await pair(tcp(service.port));
  expect(await talk(port, 'hello', { keep: true })).toEqual({ text: '', how: 'reset' });
});

test('a service that nobody serves, and one that is not exported, reset who calls', async () => {
  const service = await testService((socket) => socket.end('served'));
  const { port, core, coreWish, keys } = await pair(tcp(service.port));
  expect((await talk(port, '')).text).toBe('served');
  await core.use({ ...coreWish, exports: [] }, pemOf(keys.core));
  expect(await talk(port, '')).toEqual({ text: '', how: 'reset' });
  expect(core.state().refused).toBe(1);
  await core.use(coreWish, pemOf(keys.core));
  await service.close();
  expect(await talk(port, '')).toEqual({ text: '', how: 'reset' });
});

test('a stranger’s key is reset before a word of it is read', async () => {
  const service = await testService((socket) => socket.end('served'));
  const { core, edge } = await pair(tcp(service.port));
  edge.close();
  expect(await openAs(oneKey(), core.state().listen?.port ?? 0)).toBe('');
  expect(core.state().refused).toBe(1);
});

/** What a caller with that key hears who asks for shop/web. */
function openAs({ keyPem, certificatePem }: KeyPair, port: number): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connectTls({
      host: '127.0.0.1',
      port,
      key: keyPem,
      cert: certificatePem,
      rejectUnauthorized: false,
    });
    socket.on('secureConnect', () => socket.write(`${JSON.stringify({ ask: 'open', ...web })}\n`));
    socket.on('data', (piece: Buffer) => (heard += piece.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(heard));
  });
}

test('a relay that is not the paired Mac’s is told nothing', async () => {
  const heard: string[] = [];
  const service = await testService((socket) =>
    socket.on('data', (piece: Buffer) => heard.push(piece.toString())),
  );
  const { port, edge, edgeWish, keys } = await pair(tcp(service.port));
  const other: RelayWish = { ...edgeWish, tls: { ...edgeWish.tls, peerPin: oneKey().pin } };
  await edge.use(other, pemOf(keys.edge));
  expect(await talk(port, 'a secret')).toEqual({ text: '', how: 'reset' });
  expect(heard).toEqual([]);
});

test('nobody but this Mac’s cluster may connect', async () => {
  const service = await testService((socket) => socket.end('served'));
  const { port } = await pair(tcp(service.port), { allow: ['172.30.1.0/24'] });
  expect(await talk(port, '')).toEqual({ text: '', how: 'reset' });
});

test('looks tell what is healthy over there, and that nobody answers', async () => {
  const service = await testService((socket) => socket.end());
  const { core, edge } = await pair(tcp(service.port));
  await untilSeen(() => expect(edge.state().services).toEqual([{ ...web, healthy: true }]));
  expect(edge.state().look).toMatchObject({ failures: 0, rttMs: expect.any(Number) });
  await service.close();
  await untilSeen(() => expect(edge.state().services).toEqual([{ ...web, healthy: false }]));
  core.close();
  await untilSeen(() => expect(edge.state().look.failures).toBeGreaterThanOrEqual(2));
});

test('a change keeps what goes on, and resets what is withdrawn', async () => {
  const service = await testService((socket) => socket.pipe(socket));
  const { port, edge, edgeWish, keys, core, coreWish } = await pair(tcp(service.port));
  const held = connect({ host: '127.0.0.1', port });
  const heard: string[] = [];
  held.on('data', (piece: Buffer) => heard.push(piece.toString()));
  held.on('error', () => undefined);
  const closed = new Promise((resolve) => held.once('close', resolve));
  held.write('one');
  await untilSeen(() => expect(heard.join('')).toBe('one'));
  const more = { ...web, port: 443 };
  await core.use({ ...coreWish, exports: [...coreWish.exports, { ...more, to: tcp(1) }] }, pemOf(keys.core));
  const grown = { ...edgeWish, imports: [...edgeWish.imports, { ...edgeWish.imports[0]!, port: 443 }] };
  await edge.use(grown, pemOf(keys.edge));
  expect(edge.state().imports.map(({ listen }) => listen?.port)).toContain(port);
  held.write('two');
  await untilSeen(() => expect(heard.join('')).toBe('onetwo'));
  // The other Mac is away: nobody waits for it.
  await edge.use({ ...grown, peer: null }, pemOf(keys.edge));
  await closed;
  expect(edge.state().imports.map(({ listen }) => listen?.port)).toContain(port);
});

test('pods behind an export are called in turn, and one that is gone is passed over', async () => {
  const called: string[] = [];
  const openPod = async (_file: string, pod: { readonly name: string }): Promise<Duplex> => {
    called.push(pod.name);
    if (pod.name === 'gone') throw new Error('gone');
    const stream: Duplex = new Duplex({
      read: () => undefined,
      write: (_piece, _encoding, done) => done(),
      final(done) {
        stream.push(`by ${pod.name}`);
        stream.push(null);
        done();
      },
    });
    return stream;
  };
  const pods = ['gone', 'one', 'two'].map((name) => ({ name, port: 8080 }));
  const to: Upstream = { kind: 'pods', kubeconfigFile: '/unused', namespace: 'shop', pods };
  const { port } = await pair(to, { openPod });
  const answers = [await talk(port, '?'), await talk(port, '?'), await talk(port, '?')].map(
    ({ text }) => text,
  );
  expect(answers).toEqual(['by one', 'by two', 'by one']);
  expect(called).toEqual(['one', 'two', 'gone', 'one']);
});
