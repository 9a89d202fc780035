import { Agent, request, type ClientRequest } from 'node:http';
import type { ClientRecord } from './ledger.ts';
import { nowMs } from './now.ts';

/** An answer that stays open; begun again when it ends, so that there is always one. */
export interface OpenStream {
  /** The client lets go; what is under way is no loss. */
  close(): void;
}

/** Waits before the next after one that was cut: the front may just be gone. */
const AGAIN_MS = 250;

/** @param onCut told of each that ended before its client let go */
export function keepStream(url: string, name: string, onCut: (record: ClientRecord) => void): OpenStream {
  let closed = false;
  let call: ClientRequest | null = null;
  let again: NodeJS.Timeout | undefined;
  let count = 0;
  const agent = new Agent({ keepAlive: false });
  const begin = (): void => {
    const sentMs = nowMs();
    const id = `${name}-${(count += 1)}`;
    const where = new URL(`stream?id=${id}&kind=stream`, url);
    let backend: string | null = null;
    let status: number | null = null;
    const end = (lost: string): void => {
      if (closed || call === null) return;
      call = null;
      onCut({ id, kind: 'stream', sentMs, endedMs: nowMs(), status, backend, lost });
      again = setTimeout(begin, AGAIN_MS);
    };
    call = request(where, { agent }, (response) => {
      status = response.statusCode ?? 0;
      backend = String(response.headers['x-tandem-backend'] ?? '') || null;
      response.resume();
      response.on('error', () => undefined);
      response.on('close', () => end(status === 200 ? 'ended' : `status ${status}`));
    });
    call.on('error', (error) => end(error.message));
    call.end();
  };
  begin();
  return {
    close() {
      closed = true;
      clearTimeout(again);
      call?.destroy();
    },
  };
}
