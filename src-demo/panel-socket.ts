import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lineSplitter } from '../src-engine/platform/line-splitter.ts';

/** Where panels listen in: what the demo says goes out, lines of control come in, one a line. */
export interface PanelSocket {
  readonly path: string;
  tell(document: Record<string, unknown>): void;
  close(): Promise<void>;
}

/** What a panel that comes later is told first: the last of each, in this order. */
const GREETING = ['pair', 'edge', 'traffic'];
const MAX_LINE_BYTES = 256;
/** A panel that does not read is let go, rather than kept in memory. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** @param onLine hears each line of a panel */
export async function openPanelSocket(onLine: (line: string) => void): Promise<PanelSocket> {
  // Made 0700 by the system, under a name that nobody can guess.
  const folder = await mkdtemp(join(tmpdir(), 'tandem-panel-'));
  const path = join(folder, 'demo.sock');
  const last = new Map<string, string>();
  const panels = new Set<Socket>();
  const server = createServer((socket) => {
    panels.add(socket);
    socket.on('close', () => panels.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on(
      'data',
      lineSplitter(MAX_LINE_BYTES, onLine, () => socket.destroy()),
    );
    for (const event of GREETING) if (last.has(event)) socket.write(last.get(event) ?? '');
  });
  await listen(server, path);
  await chmod(path, 0o600);
  return {
    path,
    tell(document) {
      const line = `${JSON.stringify(document)}\n`;
      last.set(String(document['event']), line);
      for (const panel of panels) {
        if (panel.writableLength > MAX_WAITING_BYTES) panel.destroy();
        else panel.write(line);
      }
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const panel of panels) panel.destroy();
      await closed;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
}
