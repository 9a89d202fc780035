import { connect, createServer, type Server, type Socket } from 'node:net';

/** Between two tries for a port that somebody else holds. */
const AGAIN_MS = 1000;

/** The way into the cluster from this host. */
export interface ServicePort {
  /** True once it listens. */
  open(): boolean;
  close(): void;
}

/**
 * What a NodePort is to a real cluster: 127.0.0.1:`port`, each connection to the next ready pod, whichever node it is on.
 * Without a ready pod a connection is reset, as a Service without endpoints refuses.
 *
 * @param port 0: none
 * @param endpoints ports of the pods that are ready now
 */
export function openServicePort(port: number, endpoints: () => readonly number[]): ServicePort {
  if (port === 0) return { open: () => true, close: () => undefined };
  const sockets = new Set<Socket>();
  let turn = 0;
  const server = createServer({ noDelay: true }, (client) => {
    const ready = endpoints();
    const pod = ready[(turn = (turn + 1) % Math.max(1, ready.length))];
    if (pod === undefined) return void client.resetAndDestroy();
    join(client, connect({ host: '127.0.0.1', port: pod, noDelay: true }), sockets);
  });
  const again = keepTrying(server, port);
  return {
    open: () => server.listening,
    close() {
      clearInterval(again);
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function keepTrying(server: Server, port: number): NodeJS.Timeout {
  const listen = (): void => {
    if (!server.listening) server.listen(port, '127.0.0.1');
  };
  // Taken: `open` says so meanwhile.
  server.on('error', () => undefined);
  listen();
  return setInterval(listen, AGAIN_MS);
}

/** Both directions, and the end of one as the other saw it: a pod that dies resets its clients. */
function join(client: Socket, pod: Socket, sockets: Set<Socket>): void {
  for (const [one, other] of [
    [client, pod],
    [pod, client],
  ] as const) {
    sockets.add(one);
    one.pipe(other);
    one.on('error', () => other.resetAndDestroy());
    one.on('close', () => {
      sockets.delete(one);
      other.destroySoon();
    });
  }
}
