import { connect } from 'node:net';
import { lineSplitter } from '../src-engine/platform/line-splitter.ts';
import { emptyDemoView, parseDemoDocument, withDocument, type DemoView } from '../src-shared/demo.ts';
import type { Ipc } from './ipc.ts';

/** The demo that opened this app: its pair's picture, and the way to move its edge. */
export interface DemoFeed {
  view(): DemoView;
  /** A line that was parsed before; false when the demo is gone. */
  send(line: string): boolean;
}

const MAX_DOCUMENT_BYTES = 64 * 1024;

/** A demo opened this app, and has its engine. */
export function isDemosApp(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env['TANDEM_DEMO_SOCKET']);
}

/**
 * Listens at the socket that the demo named in TANDEM_DEMO_SOCKET; null when no demo opened this app.
 *
 * @param ipc each change of the picture is pushed to the pages
 * @param onEnd the demo is gone, and its pair with it
 */
export function demoFromEnvironment(
  env: NodeJS.ProcessEnv,
  ipc: Pick<Ipc, 'push'>,
  onEnd: () => void,
): DemoFeed | null {
  const path = env['TANDEM_DEMO_SOCKET'];
  if (!path) return null;
  let view = emptyDemoView;
  const socket = connect(path);
  const hear = (line: string): void => {
    const document = parseDemoDocument(line);
    if (document === null) return;
    view = withDocument(view, document);
    ipc.push('shell.demo', view);
  };
  socket.on(
    'data',
    lineSplitter(MAX_DOCUMENT_BYTES, hear, () => socket.destroy()),
  );
  socket.on('error', () => socket.destroy());
  socket.once('close', onEnd);
  return {
    view: () => view,
    send: (line) => {
      if (!socket.writable) return false;
      socket.write(`${line}\n`);
      return true;
    },
  };
}
