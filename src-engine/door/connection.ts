import { JSONRPCErrorCode } from 'json-rpc-2.0';
import type { Duplex } from 'node:stream';
import type { Caller } from '../../src-shared/commands/registry.ts';
import { lineSplitter } from '../platform/line-splitter.ts';
import { refusal, type Dispatch } from './dispatch.ts';

/** A request longer than this is refused and its connection closed (design/limits.md, Documents). */
export const MAX_LINE_BYTES = 1024 * 1024;
/** A peer that reads nothing is cut off rather than kept in memory. */
const MAX_UNREAD_BYTES = 8 * 1024 * 1024;

/** Serves one connection until it closes: lines in, lines out. */
export function serveConnection(stream: Duplex, dispatch: Dispatch): void {
  const onClose = new Set<() => void>();
  const write = (message: unknown): void => {
    if (stream.destroyed || stream.writableEnded) return;
    if (stream.writableLength > MAX_UNREAD_BYTES) return void stream.destroy();
    stream.write(`${JSON.stringify(message)}\n`);
  };
  const caller: Caller = {
    send: (method, params) => write({ jsonrpc: '2.0', method, params }),
    onClose: (task) => void onClose.add(task),
  };
  const answer = async (line: string): Promise<void> => {
    const response = await dispatch(line, caller);
    if (response !== null) write(response);
  };
  stream.on(
    'data',
    lineSplitter(
      MAX_LINE_BYTES,
      (line) => void answer(line),
      () => {
        write(
          refusal(
            null,
            { code: 'lineTooLong', params: { limit: MAX_LINE_BYTES } },
            JSONRPCErrorCode.InvalidRequest,
          ),
        );
        stream.end();
        // Whatever still comes is thrown away, or the peer's full buffer keeps our answer from it.
        stream.resume();
      },
    ),
  );
  stream.on('error', () => stream.destroy());
  stream.once('close', () => {
    for (const task of onClose) task();
  });
}
