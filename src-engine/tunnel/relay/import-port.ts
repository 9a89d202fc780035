import { BlockList, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import { carry, endOn, type End } from './end.ts';
import { bound } from './peer-wire.ts';
import type { Address, RelayWish } from './relay-config.ts';

export type ImportWish = RelayWish['imports'][number];

/** A port that this Mac's cluster alone reaches, and whose connections become the other Mac's service. */
export interface ImportPort {
  readonly wish: ImportWish;
  /** Null: it could not be opened, as `problem` says. */
  readonly listen: Address | null;
  readonly problem: Problem | null;
  connections(): number;
  /** Resets what is carried; goes on listening. */
  cut(): void;
  close(): void;
}

/**
 * @param dial opens the service on the other Mac; null: it cannot be had, and whoever connected is reset, as a Service
 *   without endpoints refuses
 */
export async function openImportPort(
  wish: ImportWish,
  dial: (service: ImportWish) => Promise<End | null>,
): Promise<ImportPort> {
  const allowed = networks(wish.allow);
  const held = new Set<End>();
  async function enter(client: Socket): Promise<void> {
    const near = endOn(client, client);
    client.on('error', () => undefined);
    if (!allowed.check(client.remoteAddress ?? '', 'ipv4')) return near.reset();
    held.add(near);
    const far = await dial(wish).catch(() => null);
    if (far === null || client.destroyed) {
      far?.reset();
      near.reset();
    } else await carry(near, far);
    held.delete(near);
  }
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: false }, (client) => {
    void enter(client);
  });
  const cut = (): void => {
    for (const end of held) end.reset();
  };
  const problem = await openOn(server, wish);
  const { address = '', port = 0 } = (server.address() as AddressInfo | null) ?? {};
  return {
    wish,
    listen: problem === null ? { host: address, port } : null,
    problem,
    connections: () => held.size,
    cut,
    close() {
      server.close();
      cut();
    },
  };
}

/** The port of before, so that what the cluster was told stays true; another one when somebody holds it. */
async function openOn(
  server: ReturnType<typeof createServer>,
  { listen }: ImportWish,
): Promise<Problem | null> {
  try {
    await bound(server, listen);
    return null;
  } catch (error) {
    if (listen.port === 0) return { code: 'relayDown', params: { detail: detailOf(listen.host, error) } };
  }
  return bound(server, { host: listen.host, port: 0 }).then(
    () => null,
    (error: unknown) => ({ code: 'relayDown', params: { detail: detailOf(listen.host, error) } }),
  );
}

const detailOf = (host: string, error: unknown): string =>
  `${host}: ${error instanceof Error && 'code' in error ? String(error.code) : String(error)}`;

function networks(allow: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of allow) {
    const [address = '', bits = '32'] = network.split('/');
    list.addSubnet(address, Number(bits), 'ipv4');
  }
  return list;
}
