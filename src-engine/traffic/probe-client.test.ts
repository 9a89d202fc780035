import { createServer as createPlain, type RequestListener, type Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import { createServer as createSilent, type AddressInfo, type Server as NetServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { pairOfKeys } from '../../test/doubles/pair-keys.ts';
import { BACKEND_HEADER, PROBE_HEADER } from './ports.ts';
import { probeClient, type ProbeTarget } from './probe-client.ts';

const patient = { connectMs: 5000, answerMs: 5000 };

async function listening(server: Server | NetServer): Promise<{ host: string; port: number }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}
const target = (address: { host: string; port: number }, change: Partial<ProbeTarget> = {}): ProbeTarget => ({
  ...address,
  path: '/ok',
  tls: null,
  marked: true,
  ...change,
});
function client(kept: boolean) {
  const made = probeClient(kept);
  onTestFinished(() => made.dispose());
  return made;
}

test('the answer: status, who gave it, its text; the probe is marked and asks for its path', async () => {
  const asked: string[] = [];
  const answer: RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers[PROBE_HEADER] !== undefined}`);
    response.setHeader(BACKEND_HEADER, 'core').writeHead(203).end('well');
  };
  const address = await listening(createPlain(answer));
  const got = await client(false).get(target(address), patient);
  expect(got).toMatchObject({ status: 203, backend: 'core', text: 'well' });
  await client(false).get(target(address, { marked: false }), patient);
  expect(asked).toEqual(['GET /ok true', 'GET /ok false']);
});

test('another host than the address is asked for where it is wanted', async () => {
  const hosts: (string | undefined)[] = [];
  const address = await listening(
    createPlain((request, response) => {
      hosts.push(request.headers.host);
      response.end();
    }),
  );
  await client(false).get(target(address), patient);
  await client(false).get(target(address, { hostname: 'app.test' }), patient);
  expect(hosts).toEqual([`127.0.0.1:${address.port}`, 'app.test']);
});

test('kept probes share connections, others open their own', async () => {
  const ports = new Set<number | undefined>();
  const address = await listening(
    createPlain((request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    }),
  );
  const kept = client(true);
  for (let time = 0; time < 4; time += 1) await kept.get(target(address), patient);
  expect(ports.size).toBe(1);
  const fresh = client(false);
  for (let time = 0; time < 4; time += 1) await fresh.get(target(address), patient);
  expect(ports.size).toBe(5);
});

test('nobody there, and somebody who accepts and is silent: no answer, within the limit', async () => {
  const silent = await listening(createSilent(() => undefined));
  expect(await client(false).get(target(silent), { connectMs: 50, answerMs: 80 })).toMatchObject({
    status: null,
  });
  const gone = createSilent();
  const address = await listening(gone);
  await new Promise((resolve) => gone.close(resolve));
  expect(await client(false).get(target(address), patient)).toMatchObject({ status: null, text: '' });
});

test.each(['/a b', '/\u20ac', '/a\tb'])('a path that cannot be asked for (%j) is no answer', async (path) => {
  const address = await listening(createPlain((_request, response) => void response.end()));
  expect(await client(false).get(target(address, { path }), patient)).toMatchObject({ status: null });
});

test('an answer that breaks off is none', async () => {
  const address = await listening(
    createPlain((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setTimeout(() => request.socket.destroy(), 20);
    }),
  );
  expect(await client(false).get(target(address), patient)).toMatchObject({ status: null });
});

test('over TLS the own certificate is shown, and only the pinned key is believed', async () => {
  const { core, edge } = pairOfKeys();
  const shown: boolean[] = [];
  const address = await listening(
    createTls(
      { key: edge.keyPem, cert: edge.certificatePem, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        shown.push('getPeerCertificate' in request.socket);
        response.setHeader(BACKEND_HEADER, 'edge').end('gate');
      },
    ),
  );
  const tls = { keyPem: core.keyPem, certificatePem: core.certificatePem, peerPin: edge.pin };
  expect(await client(false).get(target(address, { tls }), patient)).toMatchObject({
    status: 200,
    backend: 'edge',
  });
  expect(shown).toEqual([true]);
  const other = { ...tls, peerPin: core.pin };
  expect(await client(true).get(target(address, { tls: other }), patient)).toMatchObject({ status: null });
});

test('a hung process accepts connections: without a handshake it counts as not connected', async () => {
  const { core, edge } = pairOfKeys();
  const hung = await listening(createSilent(() => undefined));
  const tls = { keyPem: core.keyPem, certificatePem: core.certificatePem, peerPin: edge.pin };
  const got = await client(false).get(target(hung, { tls }), { connectMs: 50, answerMs: 5000 });
  expect(got.status).toBeNull();
  expect(got.elapsedMs).toBeLessThan(4000);
});

/** A gate with keys of its own that says whose certificate each request came with, and over which connection. */
async function keyReader() {
  const { core, edge } = pairOfKeys();
  const seen: { port: number | undefined; shown: string }[] = [];
  const address = await listening(
    createTls(
      { key: edge.keyPem, cert: edge.certificatePem, requestCert: true, rejectUnauthorized: false },
      ({ socket }, response) => {
        const shown = (socket as TLSSocket).getPeerX509Certificate()?.toString() ?? '';
        seen.push({ port: socket.remotePort, shown });
        response.end('gate');
      },
    ),
  );
  const tls = { keyPem: core.keyPem, certificatePem: core.certificatePem, peerPin: edge.pin };
  return { address, core, edge, tls, seen };
}

test('a kept connection is believed for the pin that it has shown, and for no other', async () => {
  const { address, core, tls, seen } = await keyReader();
  const kept = client(true);
  for (let time = 0; time < 2; time += 1)
    expect(await kept.get(target(address, { tls }), patient)).toMatchObject({ status: 200 });
  expect(new Set(seen.map(({ port }) => port)).size).toBe(1);
  const other = { ...tls, peerPin: core.pin };
  expect(await kept.get(target(address, { tls: other }), patient)).toMatchObject({ status: null });
  // What was taken for somebody else's is gone: the next question opens its own.
  expect(await kept.get(target(address, { tls }), patient)).toMatchObject({ status: 200 });
  expect(new Set(seen.map(({ port }) => port)).size).toBe(2);
});

test('keys of its own that changed are shown at once, over another connection; ones that cannot be read are no answer', async () => {
  const { address, edge, tls, seen } = await keyReader();
  const kept = client(true);
  await kept.get(target(address, { tls }), patient);
  const next = { ...tls, keyPem: edge.keyPem, certificatePem: edge.certificatePem };
  await kept.get(target(address, { tls: next }), patient);
  const shown = seen.map((one) => one.shown.trim());
  expect(shown).toEqual([tls.certificatePem.trim(), next.certificatePem.trim()]);
  expect(new Set(seen.map(({ port }) => port)).size).toBe(2);
  const broken = { ...tls, keyPem: 'no key' };
  expect(await kept.get(target(address, { tls: broken }), patient)).toMatchObject({ status: null });
});
