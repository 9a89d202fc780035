import { mkdirSync, writeFileSync } from 'node:fs';
import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { homeAt, type Home } from '../../src-engine/platform/home.ts';
import { BACKEND_HEADER, type FrontAdapter, type FrontConfig } from '../../src-engine/traffic/ports.ts';
import { ownPort } from './own-port.ts';
import { pairOfKeys, type KeyPair } from './pair-keys.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { startGate, type TestGate } from './test-gate.ts';
import { startCore, type TestCore } from './workload.ts';

/** Makes an adapter for a home, as an engine does; another engine of that home makes another one. */
export type MakeFront = (home: Home) => FrontAdapter;

/** A core with its workload, an edge's gate, and what a front between them is started with. */
export interface FrontWorld {
  readonly home: Home;
  readonly keys: { readonly core: KeyPair; readonly edge: KeyPair };
  readonly core: TestCore;
  readonly gate: TestGate;
  readonly config: FrontConfig;
  readonly port: number;
  /** An adapter, as the next engine of this home makes one. Its process ends with the test. */
  adapter(): FrontAdapter;
}

export async function frontWorld(make: MakeFront): Promise<FrontWorld> {
  const home = homeAt(temporaryFolder('front'));
  const keys = pairOfKeys();
  const core = await startCore();
  const gate = await startGate(keys.edge, keys.core.pin);
  mkdirSync(home.identity, { mode: 0o700 });
  const file = (name: string, text: string): string => {
    writeFileSync(join(home.identity, name), text, { mode: 0o600 });
    return join(home.identity, name);
  };
  const tls = {
    ownPemFile: file('own.pem', `${keys.core.certificatePem}${keys.core.keyPem}`),
    peerPemFile: file('peer.pem', keys.edge.certificatePem),
    peerPin: keys.edge.pin,
  };
  const host = '127.0.0.1';
  const port = ownPort();
  return {
    home,
    keys,
    core,
    gate,
    port,
    config: {
      listen: { host, port },
      core: { host, port: core.port, healthPath: '/healthz' },
      edge: { host, port: gate.port, tls },
    },
    adapter() {
      const front = make(home);
      onTestFinished(() => front.dispose('stop'));
      return front;
    },
  };
}

/** A world whose front is open and has seen both sides up. */
export async function openWorld(
  make: MakeFront,
  edgeShare: number,
): Promise<FrontWorld & { readonly front: FrontAdapter }> {
  const world = await frontWorld(make);
  const front = world.adapter();
  const opened = await front.open(world.config, { core: 100 - edgeShare, edge: edgeShare });
  if (!opened.ok) throw new Error(`not opened: ${JSON.stringify(opened.error)}`);
  await until(async () => {
    const counters = await front.counters();
    return counters.ok && counters.value.core.up === true && counters.value.edge.up === true;
  });
  return { ...world, front };
}

export interface Reply {
  readonly status: number;
  /** Who answered, by the front's word. */
  readonly backend: string | undefined;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}
export interface Call {
  readonly method?: string;
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string>;
  readonly agent?: Agent;
}

/** One request of a client; rejects when it gets no whole answer. */
export function call(
  port: number,
  path: string,
  { method = 'GET', body, headers, agent }: Call = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, method, headers, agent: agent ?? false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            backend: answer.headers[BACKEND_HEADER]?.toString(),
            text: Buffer.concat(chunks).toString('utf8'),
            headers: answer.headers,
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/**
 * What becomes of a call that is under way while something else is waited for: `200 core`, or `broken: ` and why. It
 * is heard from the beginning: a test that fails before it looks leaves no rejection behind that nobody hears.
 */
export function outcomeOf(asked: Promise<Reply>): Promise<string> {
  return asked.then(
    ({ status, backend = 'nobody' }) => `${status} ${backend}`,
    (error: unknown) => `broken: ${String(error)}`,
  );
}

/** So many GETs one after another; how many each side answered. */
export async function dealt(port: number, count: number): Promise<Record<string, number>> {
  const agent = new Agent({ keepAlive: true });
  const by: Record<string, number> = { core: 0, edge: 0 };
  for (let sent = 0; sent < count; sent += 1) {
    const { status, backend = 'nobody' } = await call(port, '/', { agent });
    by[status === 200 ? backend : `status ${status}`] = (by[backend] ?? 0) + 1;
  }
  agent.destroy();
  return by;
}

/** A client that asks for an upgrade, and what it heard so far, head and all. */
export function upgrade(port: number, word: string) {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const heard = { text: '', ended: false, reset: false };
  socket.on('data', (chunk: Buffer) => void (heard.text += chunk.toString('latin1')));
  socket.on('error', () => void (heard.reset = true));
  socket.on('close', () => void (heard.ended = true));
  socket.write('GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
  return {
    heard,
    say: () => socket.write(word),
    end: () => socket.destroy(),
  };
}

/** Waits until something holds; a test that waits for ever is ended by its own limit. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** A steady open-loop load, one in five a POST; what was lost is named. */
export function steadyLoad(port: number, everyMs = 5) {
  const agent = new Agent({ keepAlive: true });
  const lost: string[] = [];
  const asked: Promise<void>[] = [];
  const by: Record<string, number> = {};
  const timer = setInterval(() => {
    const id = asked.length;
    const method = id % 5 === 0 ? 'POST' : 'GET';
    const body = method === 'POST' ? { body: 'body' } : {};
    asked.push(
      call(port, `/?id=${id}`, { method, agent, ...body }).then(
        ({ status, backend = 'nobody' }) => {
          if (status === 200) by[backend] = (by[backend] ?? 0) + 1;
          else lost.push(`${method} ${id}: ${status}`);
        },
        (error: unknown) => void lost.push(`${method} ${id}: ${String(error)}`),
      ),
    );
  }, everyMs);
  onTestFinished(() => clearInterval(timer));
  return {
    sent: () => asked.length,
    by,
    lost,
    async stop() {
      clearInterval(timer);
      await Promise.all(asked);
      agent.destroy();
      return { sent: asked.length, lost, by };
    },
  };
}
