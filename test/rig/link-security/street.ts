import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Identity } from '../../../src-engine/link/ports.ts';
import { helloData, makeIdentity, pairedWith, testMac, until, type TestMac } from './mac.ts';

const HOST = '127.0.0.1';

/** Macs and other servers on loopback, all ended by `close`. */
export function street() {
  const macs: TestMac[] = [];
  const servers: Server[] = [];

  function mac(...args: Parameters<typeof testMac>): TestMac {
    const made = testMac(...args);
    macs.push(made);
    return made;
  }

  async function listens(one: TestMac): Promise<number> {
    const listening = await one.sessions.listen(HOST, 0);
    if (!listening.ok) throw new Error(listening.error.code);
    return listening.value.port;
  }

  /** A server of another kind: whatever it does with its connections. */
  async function otherServer(onConnection: (socket: Socket) => void): Promise<number> {
    const server = createServer(onConnection).listen(0, HOST);
    servers.push(server);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** A core that listens and an edge that dials it. */
  async function pair(identities: readonly [Identity, Identity] = [makeIdentity(), makeIdentity()]) {
    const [coreKey, edgeKey] = identities;
    const core = mac(coreKey, helloData({ role: 'core', appStartId: 'core-1' }));
    const edge = mac(edgeKey, helloData({ role: 'edge', appStartId: 'edge-1' }));
    const port = await listens(core);
    core.sessions.setPeer(pairedWith(edgeKey, { role: 'edge' }));
    edge.candidates = [{ host: HOST, port }];
    edge.sessions.setPeer(pairedWith(coreKey, { role: 'core', port }));
    if (!(await until(() => core.stood.length > 0 && edge.stood.length > 0))) throw new Error('no session');
    return { core, edge, port };
  }

  /** Passes bytes on until it swallows them: neither end hears a FIN. */
  async function blackHole() {
    let target = 0;
    let dead = false;
    const port = await otherServer((near) => {
      const far = connect(target, HOST);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        one.on('data', (bytes) => void (dead || other.write(bytes)));
        one.on('error', () => undefined);
        one.on('close', () => void (dead || other.destroy()));
      }
    });
    return { port, to: (next: number) => void (target = next), swallow: () => void (dead = true) };
  }

  /** A port of loopback that nobody listens on. */
  async function deadPort(): Promise<number> {
    const port = await otherServer(() => undefined);
    servers.pop()?.close();
    return port;
  }

  async function close(): Promise<void> {
    await Promise.all(macs.splice(0).map((one) => one.sessions.dispose()));
    for (const server of servers.splice(0)) server.close();
  }

  return { mac, listens, otherServer, pair, blackHole, deadPort, close };
}
