import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judge, type ClientRecord, type ServerRecord, type Verdict } from '../../../src-demo/load/ledger.ts';

/** Both sides' records of one load: a client and servers that are processes of their own, each with a file. */
export interface Ledger {
  /** Starts a workload on `host` (left out: 127.0.0.1) where `prefix` runs it; resolves when it listens. */
  workload(backend: string, port: number, prefix: readonly string[], host?: string): Promise<Workload>;
  /** Starts the open-loop client. */
  client(options: ClientOptions): Client;
  /** What both sides' records say now. */
  verdict(): Verdict;
  clientRecords(): ClientRecord[];
  serverRecords(): ServerRecord[];
  /** What was recorded so far is forgotten; the files are appended to, so that those who write go on. */
  clear(): void;
  close(): void;
}

export interface Workload {
  readonly pid: number;
  end(signal?: NodeJS.Signals): Promise<void>;
}

export interface ClientOptions {
  readonly url: string;
  readonly prefix: readonly string[];
  readonly perSecond?: number;
  readonly streams?: number;
  readonly postMs?: number;
  readonly slowMs?: number;
}

export interface Client {
  /** No new request; resolves when all that was begun has ended. */
  end(): Promise<void>;
}

const workloadProgram = fileURLToPath(new URL('workload.mjs', import.meta.url));
const clientProgram = fileURLToPath(new URL('../../../out/cli/demo-load.js', import.meta.url));

export function openLedger(): Ledger {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-ledger-'));
  const [client, server] = [join(folder, 'client.jsonl'), join(folder, 'server.jsonl')];
  for (const file of [client, server]) writeFileSync(file, '');
  const children = new Set<ChildProcess>();
  const start = (prefix: readonly string[], args: readonly string[]): ChildProcess => {
    const [command = process.execPath, ...words] = [...prefix, process.execPath, ...args];
    const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  };
  const ledger: Ledger = {
    async workload(backend, port, prefix, host = '127.0.0.1') {
      const child = start(prefix, [
        workloadProgram,
        `--port=${port}`,
        `--backend=${backend}`,
        `--ledger=${server}`,
        `--host=${host}`,
      ]);
      await new Promise<void>((resolve, reject) => {
        child.stdout?.once('data', () => resolve());
        child.once('exit', (code) => reject(new Error(`the workload of ${backend} ended with ${code}`)));
      });
      return { pid: child.pid ?? 0, end: (signal = 'SIGTERM') => end(child, signal) };
    },
    client({ url, prefix, perSecond, streams, postMs, slowMs }) {
      const flags = { rps: perSecond, streams, 'post-ms': postMs, 'slow-ms': slowMs };
      const given = Object.entries(flags).flatMap(([name, value]) =>
        value === undefined ? [] : [`--${name}=${value}`],
      );
      const child = start(prefix, [clientProgram, `--url=${url}`, `--records=${client}`, ...given]);
      child.stdout?.resume();
      return { end: () => end(child, 'SIGTERM') };
    },
    verdict: () => judge(ledger.clientRecords(), ledger.serverRecords()),
    clientRecords: () => lines<ClientRecord>(client),
    serverRecords: () => lines<ServerRecord>(server),
    clear: () => [client, server].forEach((file) => truncateSync(file)),
    close() {
      for (const child of children) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return ledger;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}

/** A line that a kill cut in half is none. */
function lines<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as T];
      } catch {
        return [];
      }
    });
}
