import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EDGE_ADDRESS } from '../../test/rig/net/namespaces.ts';
import { WORKLOAD_PORT, type Stage } from './handoff-stage.ts';
import { pause } from './report.ts';

/** HAProxy as it is set up without Tandem: the same machines and workloads, no gate, nobody who tells it anything. */
export interface Peer {
  readonly name: string;
  /** `HOST:PORT` in the core's network. */
  readonly front: string;
}

export interface Peers {
  readonly all: readonly Peer[];
  close(): void;
}

/** research/haproxy.md, section B: V1, what one has who sets nothing, and V2, its checks at 500 ms. */
const kinds = [
  {
    name: "HAProxy's default checks",
    port: 47_383,
    defaults: ['timeout connect 5s', 'timeout server 30s'],
    check: 'check',
  },
  {
    name: 'HAProxy with checks of 500 ms',
    port: 47_384,
    defaults: ['timeout connect 500ms', 'timeout server 30s', 'retries 2', 'option redispatch 1'],
    check: 'check inter 500 fall 2 rise 2',
  },
] as const;
type Kind = (typeof kinds)[number];

export const PEER_NAMES: readonly string[] = kinds.map(({ name }) => name);

const START_MS = 5000;

export async function openPeers({ core }: Stage): Promise<Peers> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-haproxy-'));
  const children: ChildProcess[] = [];
  const close = (): void => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const kind of kinds) {
      const file = join(folder, `${kind.port}.cfg`);
      writeFileSync(file, configOf(kind, join(folder, `${kind.port}.sock`)));
      const [command, ...words] = [...core.space.prefix, 'haproxy', '-db', '-f', file];
      children.push(spawn(command, words, { stdio: 'ignore' }));
    }
    await Promise.all(kinds.map(({ port }) => answering(join(folder, `${port}.sock`))));
    return { all: kinds.map(({ name, port }) => ({ name, front: `127.0.0.1:${port}` })), close };
  } catch (error) {
    close();
    throw error;
  }
}

function configOf({ port, defaults, check }: Kind, socket: string): string {
  const lines = [
    'global',
    `  stats socket ${socket} mode 600`,
    '  maxconn 2000',
    '  nbthread 1',
    'defaults',
    '  mode http',
    '  timeout client 75s',
    '  timeout http-keep-alive 60s',
    ...defaults.map((line) => `  ${line}`),
    'frontend fe',
    `  bind 127.0.0.1:${port}`,
    '  default_backend be',
    'backend be',
    '  balance roundrobin',
    '  option httpchk GET /health',
    `  server core 127.0.0.1:${WORKLOAD_PORT} weight 20 ${check}`,
    `  server edge ${EDGE_ADDRESS}:${WORKLOAD_PORT} weight 80 ${check}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Its socket is bound with its ports, and needs no way into the namespace. */
async function answering(socket: string): Promise<void> {
  const opens = (): Promise<boolean> =>
    new Promise((resolve) => {
      const asked = connect(socket, () => resolve(true));
      asked.once('error', () => resolve(false));
      asked.once('close', () => resolve(false));
      asked.end();
    });
  for (const end = performance.now() + START_MS; performance.now() < end; await pause(50))
    if (await opens()) return;
  throw new Error('a plain HAProxy does not start');
}
