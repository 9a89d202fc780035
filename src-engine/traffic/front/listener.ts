import { createServer, type Server } from 'node:http';
import { isIP, Server as NetServer, type BlockList, type Socket } from 'node:net';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Side } from '../../../src-shared/world/traffic.ts';
import type { Address } from '../ports.ts';
import { listenProblem } from '../process/exit-report.ts';
import { serve } from './exchange.ts';
import type { Front } from './front.ts';
import { tunnel } from './tunnel.ts';

/** Longer than clients keep an idle connection (browsers, HAProxy: 60 s): the client closes first, and loses nothing. */
const KEEP_ALIVE_MS = 75_000;
/** The same of gateways: Traefik 90 s, Envoy an hour. */
const GATEWAY_KEEP_ALIVE_MS = 3_700_000;
/** For the head alone; a body may take as long as it likes. */
const HEAD_LIMIT_MS = 60_000;

/** What clients connect to. */
export interface Listener {
  readonly address: Address;
  /** Takes no new connection. Those that are open stay for their next request, whose answer ends them. */
  close(): void;
  /** Ends all of them. */
  end(): void;
}

/** Who comes to a port. */
export interface Door {
  /** A gateway comes, which has dealt; null: clients. */
  readonly of: Side | null;
  /** Null: anybody. */
  readonly allowed: BlockList | null;
}
export const openDoor: Door = { of: null, allowed: null };

/** Errors: `frontPortTaken {address, port}`; `frontDown {detail}` where it is no address of this machine. */
export async function openListener(
  front: Front,
  address: Address,
  { of, allowed }: Door = openDoor,
): Promise<Result<Listener>> {
  const server = createServer({
    keepAliveTimeout: of === null ? KEEP_ALIVE_MS : GATEWAY_KEEP_ALIVE_MS,
    headersTimeout: HEAD_LIMIT_MS,
    requestTimeout: 0,
    noDelay: true,
  });
  let closing = false;
  server.on('request', (request, response) => {
    if (closing) response.shouldKeepAlive = false;
    serve(front, request, response, of);
  });
  if (allowed !== null)
    server.on('connection', (socket) => void (isAllowed(allowed, socket) || socket.resetAndDestroy()));
  server.on('upgrade', (request, _socket, rest) => tunnel(front, request, request.socket, { rest, of }));
  server.on('connect', (_request, socket) => {
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  const error = await listen(server, address);
  if (error !== null) return error;
  return ok({
    address,
    close() {
      closing = true;
      // Of the net server: http's own would end idle connections, on which a client may just be sending.
      NetServer.prototype.close.call(server);
    },
    end: () => server.closeAllConnections(),
  });
}

function isAllowed(allowed: BlockList, { remoteAddress = '' }: Socket): boolean {
  const plain = remoteAddress.replace(/^::ffff:/, '');
  return allowed.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}

async function listen(server: Server, address: Address): Promise<Result<never> | null> {
  const failure = await new Promise<Error | null>((resolve) => {
    server.once('error', resolve);
    server.listen({ ...address, backlog: 1024 }, () => resolve(null));
  });
  server.removeAllListeners('error');
  // Out of file descriptors: connections wait in the kernel until some are free again.
  server.on('error', () => undefined);
  if (failure === null) return null;
  const { code, params } = listenProblem(failure, address, { taken: 'frontPortTaken', down: 'frontDown' });
  return fail(code, params);
}
