import { readFile } from 'node:fs/promises';
import { Duplex, PassThrough, Writable } from 'node:stream';

/** The channel of what is carried (`portforward` over a WebSocket, v4.channel.k8s.io). */
const DATA = 0;
/** A connection through the API cannot be half closed: who has said all gets so long a silence for the answer. */
const LAST_WORDS_MS = 5000;
const CONNECT_MS = 5000;

/** Of client-node's socket (`ws`): what is used here. */
interface ChannelSocket {
  send(data: Buffer, done: (error?: Error | null) => void): void;
  close(): void;
  terminate(): void;
  pause(): void;
  resume(): void;
  addEventListener(type: 'close', listener: () => void): void;
  addEventListener(type: 'error', listener: (event: { readonly message?: string }) => void): void;
}

/**
 * A TCP connection to a port of a pod, through the API of its cluster, as `kubectl port-forward` has it: it works
 * wherever the API is reached, whatever the runtime lets through. Rejects when it cannot be opened.
 */
export async function openPodStream(
  kubeconfigFile: string,
  pod: { readonly namespace: string; readonly name: string; readonly port: number },
): Promise<Duplex> {
  const text = await readFile(kubeconfigFile, 'utf8');
  // Loaded when it is needed: a relay without pods behind it costs nothing.
  const { KubeConfig, PortForward } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromString(text);
  const inbox = podInbox();
  // What is sent goes over its socket itself, which says when it has gone: nothing is ever read from this one.
  const silence = new PassThrough();
  const forward = new PortForward(config);
  const opening = forward.portForward(pod.namespace, pod.name, [pod.port], inbox.data, inbox.errors, silence);
  return inbox.over(
    await within(CONNECT_MS, opening as unknown as Promise<ChannelSocket>, (late) => late.terminate()),
  );
}

/** What comes may come before the stream stands. */
function podInbox() {
  const early: Buffer[] = [];
  let deliver: ((piece: Buffer) => void) | null = null;
  let stream: Duplex | null = null;
  let broken: string | null = null;
  const into = (take: (piece: Buffer) => void): Writable =>
    new Writable({
      write(piece: Buffer, _encoding, done) {
        if (piece.length > 0) take(piece);
        done();
      },
    });
  return {
    data: into((piece) => (deliver === null ? void early.push(piece) : deliver(piece))),
    errors: into((piece) => {
      broken = piece.toString('utf8');
      stream?.destroy(new Error(broken));
    }),
    over(socket: ChannelSocket): Duplex {
      const made = streamOver(socket);
      stream = made.duplex;
      deliver = made.push;
      for (const piece of early.splice(0)) made.push(piece);
      if (broken !== null) stream.destroy(new Error(broken));
      return stream;
    },
  };
}

function streamOver(socket: ChannelSocket): { readonly duplex: Duplex; push(piece: Buffer): void } {
  let lastWords: NodeJS.Timeout | null = null;
  const wait = (): void => {
    if (lastWords !== null) clearTimeout(lastWords);
    lastWords = setTimeout(() => socket.close(), LAST_WORDS_MS);
  };
  const duplex = new Duplex({
    allowHalfOpen: true,
    read: () => socket.resume(),
    write(piece: Buffer, _encoding, done) {
      socket.send(Buffer.concat([Buffer.of(DATA), piece]), (error) => done(error ?? null));
    },
    final(done) {
      wait();
      done();
    },
    destroy(error, done) {
      if (lastWords !== null) clearTimeout(lastWords);
      socket.terminate();
      done(error);
    },
  });
  socket.addEventListener('close', () => {
    if (lastWords !== null) clearTimeout(lastWords);
    duplex.push(null);
    if (!duplex.writableEnded) duplex.end();
  });
  socket.addEventListener('error', ({ message }) =>
    duplex.destroy(new Error(message ?? 'the connection to the API broke')),
  );
  return {
    duplex,
    push(piece) {
      if (lastWords !== null) wait();
      if (!duplex.push(piece)) socket.pause();
    },
  };
}

/** @param tooLate what is done with a result that nobody waits for any more */
function within<T>(limitMs: number, work: Promise<T>, tooLate: (result: T) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      reject(new Error('the API did not answer in time'));
    }, limitMs);
    work
      .then((result) => (isOver ? tooLate(result) : resolve(result)), reject)
      .finally(() => clearTimeout(timer));
  });
}
