import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { MOST_FROM_CORE, MOST_STRANGERS, openConnections } from './connections.ts';

let port = 1000;

/** A connection from somewhere, as far as the gate's list looks at it. */
function from(remoteAddress: string) {
  port += 1;
  const socket = Object.assign(new EventEmitter(), {
    remoteAddress,
    remotePort: port,
    localPort: 47_381,
    destroyed: false,
    resetAndDestroy(): void {
      socket.destroyed = true;
      socket.emit('close');
    },
  });
  return socket as typeof socket & Socket;
}
type Connection = ReturnType<typeof from>;

const turn = () => new Promise((resolve) => setImmediate(resolve));
/** So many connections that show no key. */
function flood(
  connections: ReturnType<typeof openConnections>,
  address: string,
  count: number,
): Connection[] {
  return Array.from({ length: count }, () => {
    const one = from(address);
    connections.add(one);
    return one;
  });
}
const open = (all: readonly Connection[]) => all.filter(({ destroyed }) => !destroyed).length;

/** The TLS side of a connection that showed the core's key; null: it was gone. */
function tlsOf(connections: ReturnType<typeof openConnections>, raw: Connection): TLSSocket | null {
  const { remoteAddress, remotePort, localPort } = raw;
  const tls = Object.assign(new EventEmitter(), { remoteAddress, remotePort, localPort });
  return connections.mark(tls as typeof tls & TLSSocket) ? (tls as typeof tls & TLSSocket) : null;
}
const shown = (connections: ReturnType<typeof openConnections>, raw: Connection): boolean =>
  tlsOf(connections, raw) !== null;

test('a flood from elsewhere pushes only its own out: the core comes in, however long its handshake takes', async () => {
  const connections = openConnections();
  const first = from('192.0.2.1');
  connections.add(first);
  expect(shown(connections, first)).toBe(true);
  const core = from('192.0.2.1');
  connections.add(core);
  const strangers = flood(connections, '198.51.100.7', 10 * MOST_STRANGERS);
  await turn();
  expect(open(strangers)).toBe(MOST_STRANGERS);
  expect(core.destroyed).toBe(false);
  expect(shown(connections, core)).toBe(true);
  expect(connections.count()).toBe(2);
});

test('a gate that the core has not come to yet knows from the pairing where it is', async () => {
  const place = { host: null as string | null };
  const connections = openConnections(() => place.host);
  const [early] = flood(connections, '::ffff:192.0.2.1', 1);
  flood(connections, '198.51.100.7', MOST_STRANGERS);
  await turn();
  expect(early?.destroyed).toBe(true);
  place.host = '192.0.2.1';
  const [core] = flood(connections, '::ffff:192.0.2.1', 1);
  flood(connections, '198.51.100.7', 2 * MOST_STRANGERS);
  await turn();
  expect(core?.destroyed).toBe(false);
});

test('also from where the core is there is an end, and the oldest goes', async () => {
  const connections = openConnections(() => '192.0.2.1');
  const neighbours = flood(connections, '192.0.2.1', MOST_FROM_CORE + 3);
  await turn();
  expect(neighbours.slice(0, 4).map(({ destroyed }) => destroyed)).toEqual([true, true, true, false]);
  expect(open(neighbours)).toBe(MOST_FROM_CORE);
});

test('a core that moves about is known at its last four addresses', async () => {
  const connections = openConnections();
  for (let network = 1; network <= 5; network += 1) {
    const core = from(`192.0.2.${network}`);
    connections.add(core);
    shown(connections, core);
  }
  const [forgotten] = flood(connections, '192.0.2.1', 1);
  const [known] = flood(connections, '192.0.2.2', 1);
  flood(connections, '198.51.100.7', MOST_STRANGERS);
  await turn();
  expect([forgotten?.destroyed, known?.destroyed]).toEqual([true, false]);
});

test("a connection that has carried the engine's questions alone holds nobody", async () => {
  const connections = openConnections();
  const [asker, front] = [from('192.0.2.1'), from('192.0.2.1')];
  connections.add(asker);
  const asking = tlsOf(connections, asker) as TLSSocket;
  // What it will be used for is not known yet.
  expect(connections.holds()).toBe(true);
  connections.use(asking, true);
  expect([connections.holds(), connections.count()]).toEqual([false, 1]);
  connections.add(front);
  const carrying = tlsOf(connections, front) as TLSSocket;
  connections.use(carrying, false);
  connections.use(carrying, true);
  expect(connections.holds()).toBe(true);
  front.emit('close');
  expect([connections.holds(), connections.count()]).toEqual([false, 1]);
  connections.use(asking, false);
  expect(connections.holds()).toBe(true);
  expect(connections.resetAll()).toBe(1);
  await turn();
  expect([asker.destroyed, connections.holds()]).toEqual([true, false]);
});
