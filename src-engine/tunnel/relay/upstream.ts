import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { endOn, type End } from './end.ts';
import type { Upstream } from './relay-config.ts';

/** Opens a pod's port through the API of its cluster; rejects when it cannot. */
export type OpenPod = (
  kubeconfigFile: string,
  pod: { readonly namespace: string; readonly name: string; readonly port: number },
) => Promise<Duplex>;

const CONNECT_MS = 3000;
const LOOK_MS = 500;
/** A look is believed for so long. */
const FRESH_MS = 2000;

/**
 * Connects to what stands behind an exported port; null when nothing does.
 *
 * @param isWanted false: who asked has left, or waits no longer
 */
export async function openUpstream(
  to: Upstream,
  openPod: OpenPod,
  turn: number,
  isWanted: () => boolean,
): Promise<End | null> {
  if (to.kind === 'tcp') return connected(to.host, to.port, CONNECT_MS);
  // Each in turn; one that has just gone is passed over once for each that is left.
  for (let index = 0; index < to.pods.length && isWanted(); index += 1) {
    const pod = to.pods[(turn + index) % to.pods.length];
    const stream =
      pod === undefined
        ? null
        : await openPod(to.kubeconfigFile, { namespace: to.namespace, ...pod }).catch(() => null);
    if (stream !== null) return { stream, reset: () => void setImmediate(() => stream.destroy()) };
  }
  return null;
}

export interface UpstreamHealth {
  healthy(key: string, to: Upstream): Promise<boolean>;
  last(key: string): boolean | null;
}

/** Does anything take a connection there? Of pods their cluster's own probes tell. */
export function upstreamHealth(monotonicMs: () => number): UpstreamHealth {
  const seen = new Map<string, { readonly atMs: number; readonly healthy: boolean }>();
  return {
    async healthy(key, to) {
      const known = seen.get(key);
      if (to.kind === 'tcp' && known !== undefined && monotonicMs() - known.atMs < FRESH_MS)
        return known.healthy;
      const healthy = to.kind === 'pods' ? to.pods.length > 0 : await answers(to.host, to.port);
      seen.set(key, { atMs: monotonicMs(), healthy });
      return healthy;
    },
    last: (key) => seen.get(key)?.healthy ?? null,
  };
}

async function answers(host: string, port: number): Promise<boolean> {
  const end = await connected(host, port, LOOK_MS);
  end?.stream.destroy();
  return end !== null;
}

function connected(host: string, port: number, limitMs: number): Promise<End | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
    const refuse = (): void => {
      socket.destroy();
      resolve(null);
    };
    const timer = setTimeout(refuse, limitMs);
    socket.on('error', refuse);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', refuse);
      socket.on('error', () => undefined);
      resolve(endOn(socket, socket));
    });
    socket.once('close', () => clearTimeout(timer));
  });
}
