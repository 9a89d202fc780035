import { once } from 'node:events';
import { createServer as createHttps, type Server as HttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemTools, type ToolResult, type Tools } from '../../platform/tools.ts';
import { certificateOf, keyPemOf, makeKey } from '../identity/certificate.ts';
import { pingByTool, readyByHttps, roundTripMs } from './system-probes.ts';
import { outcomeOfErrno, tcpProbe } from './tcp-probe.ts';

const { signal } = new AbortController();
const servers: (Server | HttpsServer)[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server | HttpsServer): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('a TCP knock', () => {
  const knock = (port: number, timeoutMs = 1000) => tcpProbe({ host: '127.0.0.1', port, timeoutMs, signal });

  it('is ok where something listens, and stays nobody there', async () => {
    const closed: unknown[] = [];
    const server = createServer((socket) => {
      // The knock ends with a reset.
      socket.on('error', () => undefined);
      socket.on('close', () => closed.push(socket));
    });
    const port = await listening(server);
    expect(await knock(port)).toMatchObject({ outcome: 'ok', detail: String(port) });
    await expect.poll(() => closed.length).toBe(1);
  });

  it('is refused where nothing does', async () => {
    const server = createServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await knock(port)).toMatchObject({ outcome: 'refused', detail: String(port) });
  });

  it('ends at once when it is cancelled', async () => {
    const over = new AbortController();
    over.abort();
    const look = await tcpProbe({ host: '127.0.0.1', port: 9, timeoutMs: 60_000, signal: over.signal });
    expect(look.outcome).toBe('timeout');
  });

  it.each([
    ['ECONNREFUSED', 'refused'],
    ['EHOSTUNREACH', 'unreachable'],
    ['EHOSTDOWN', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['EPERM', 'denied'],
    ['EACCES', 'denied'],
    ['ETIMEDOUT', 'timeout'],
    ['EPROTO', 'error'],
    [undefined, 'error'],
  ])('%s is %s', (code, outcome) => {
    expect(outcomeOfErrno(code)).toBe(outcome);
  });
});

describe("the peer's /readyz", () => {
  const key = makeKey();
  const tls = { key: keyPemOf(key), cert: certificateOf(key) };
  const answering = (status: number) =>
    listening(
      createHttps(tls, (request, response) => {
        response.writeHead(request.url === '/readyz' ? status : 404);
        response.end('x'.repeat(100_000));
      }),
    );

  it.each([
    [200, 'ok'],
    [401, 'ok'],
    [403, 'ok'],
    [404, 'error'],
    [500, 'error'],
  ])('HTTP %i is %s, whoever signed the certificate', async (status, outcome) => {
    const port = await answering(status);
    const look = await readyByHttps(`127.0.0.1:${String(port)}`, 1000, signal);
    expect(look).toMatchObject({ outcome, detail: `HTTP ${String(status)}` });
  });

  it('times out on a server that accepts and says nothing', async () => {
    const port = await listening(createServer());
    const look = await readyByHttps(`127.0.0.1:${String(port)}`, 150, signal);
    expect(look.outcome).toBe('timeout');
    expect(look.ms).toBeLessThan(1000);
  });

  it('is refused where nothing listens', async () => {
    const server = createServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    expect((await readyByHttps(`127.0.0.1:${String(port)}`, 1000, signal)).outcome).toBe('refused');
  });

  it.each(['', 'a b', '127.0.0.1:99999', '[::1'])('is an error for the address %j', async (address) => {
    expect((await readyByHttps(address, 1000, signal)).outcome).toBe('error');
  });
});

describe('ping', () => {
  function toolsThatSay(result: Partial<ToolResult>, found: string | null = '/sbin/ping') {
    const asked: (readonly string[])[] = [];
    const tools = {
      find: () => Promise.resolve(found),
      run: (_tool: string, args: readonly string[]) => {
        asked.push(args);
        return Promise.resolve({ exitCode: 0, stdout: '', stderr: '', failure: null, ...result });
      },
    } as unknown as Tools;
    return { asked, tools };
  }

  it('reads the round trip', () => {
    expect(roundTripMs('64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.041 ms')).toBe(0.041);
    expect(roundTripMs('64 bytes from 192.0.2.1: icmp_seq=0 ttl=64 time=12.345 ms')).toBe(12.345);
    expect(roundTripMs('1 packets transmitted, 0 packets received, 100.0% packet loss')).toBeNull();
  });

  it('gives the limit as each system takes it', async () => {
    const [mac, linux] = [toolsThatSay({}), toolsThatSay({})];
    await pingByTool(mac.tools, 'darwin')('192.0.2.1', 1000, signal);
    await pingByTool(linux.tools, 'linux')('192.0.2.1', 1000, signal);
    expect([mac.asked[0], linux.asked[0]]).toEqual([
      ['-n', '-c', '1', '-t', '1', '192.0.2.1'],
      ['-n', '-c', '1', '-W', '1', '192.0.2.1'],
    ]);
  });

  it.each([
    ['no answer on macOS', 'darwin', { exitCode: 2 }, 'timeout'],
    ['no answer on Linux', 'linux', { exitCode: 1 }, 'timeout'],
    ['killed at the limit', 'linux', { exitCode: null, failure: 'timedOut' as const }, 'timeout'],
    ['may not open its socket', 'linux', { exitCode: 2, stderr: 'ping: socktype: SOCK_RAW' }, null],
    ['cancelled', 'linux', { exitCode: null, failure: 'cancelled' as const }, null],
  ])('%s', async (_name, platform, said, outcome) => {
    const look = await pingByTool(toolsThatSay(said).tools, platform)('192.0.2.1', 1000, signal);
    expect(look?.outcome ?? null).toBe(outcome);
  });

  it('is unknown where there is no tool', async () => {
    expect(await pingByTool(toolsThatSay({}, null).tools)('192.0.2.1', 1000, signal)).toBeNull();
  });

  it('is answered by loopback, where a tool is there and may run', async ({ skip }) => {
    const look = await pingByTool(systemTools)('127.0.0.1', 1000, signal);
    if (look === null) return skip('no ping here');
    expect(look.outcome).toBe('ok');
    expect(look.ms).toBeLessThan(1000);
  });
});
