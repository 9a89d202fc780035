import { spawn, type ChildProcess } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';

/** What a backend was given: the requests of a load, not probes, checks or this question. */
export interface Given {
  readonly count: number;
  /** When the last one was there whole, by `machineMs`; 0: none was. */
  readonly lastMs: number;
}

/** A workload as a process of its own. */
export interface Backend {
  readonly port: number;
  seen(): Promise<Given>;
  end(): void;
}

/** Milliseconds of a clock that all processes of this machine share. */
export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6;

const head = (length: number): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\n\r\n`;
const ANSWER = head(128) + 'x'.repeat(128);

/** The program: no HTTP library, so that what is measured is the front and not this. Requests have no body. */
export function runBackend(): void {
  const record = { count: 0, lastMs: 0 };
  const answerTo = (request: string): string => {
    if (request.startsWith('GET /seen ')) {
      const text = JSON.stringify(record);
      return head(text.length) + text;
    }
    if (request.startsWith('GET /work ')) {
      record.count += 1;
      record.lastMs = machineMs();
    }
    return ANSWER;
  };
  const server = createServer({ noDelay: true }, (socket) => {
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        socket.write(answerTo(text));
        text = text.slice(end + 4);
      }
    });
  });
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1024 }, () => {
    process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
  });
}

/** Starts this very benchmark again, as a backend: its first argument is then `backend`. */
export async function startBackend(): Promise<Backend> {
  const child = spawn(process.execPath, [process.argv[1] ?? '', 'backend'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await firstNumber(child);
  return { port, seen: () => ask(port), end: () => void child.kill('SIGKILL') };
}

function firstNumber(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())));
    child.once('exit', (code) => reject(new Error(`the backend ended with ${code}`)));
  });
}

function ask(port: number): Promise<Given> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    let text = '';
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (!text.endsWith('}')) return;
      socket.destroy();
      resolve(JSON.parse(text.slice(text.indexOf('{'))) as Given);
    });
    socket.write('GET /seen HTTP/1.1\r\nHost: bench\r\n\r\n');
  });
}
