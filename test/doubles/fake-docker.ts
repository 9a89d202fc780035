import { createServer, type IncomingMessage } from 'node:http';

export interface FakeDockerParts {
  readonly socket: string;
  /** Of the one cluster; its only node is its control plane. */
  readonly cluster: string;
  readonly address: string;
  readonly subnet: string;
  /** `PORT/PROTOCOL` to the port of this machine, on all addresses. */
  readonly published: Readonly<Record<string, number>>;
  readonly kernel?: readonly string[];
}

/** A container runtime that is only its socket, with one node of kind's running in it. */
export interface FakeDocker {
  /** What DOCKER_HOST is. */
  readonly host: string;
  close(): Promise<void>;
}

const GIB = 2 ** 30;
const KERNEL = [
  'CONFIG_NET=y',
  'CONFIG_XFRM_USER=m',
  'CONFIG_INET_ESP=m',
  'CONFIG_IP_SET=m',
  'CONFIG_VXLAN=m',
];

export async function fakeDocker(parts: FakeDockerParts): Promise<FakeDocker> {
  const server = createServer((request, response) => {
    void answer(parts, request).then(({ status, body }) => {
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(parts.socket, resolve));
  return {
    host: `unix://${parts.socket}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

async function answer(
  parts: FakeDockerParts,
  request: IncomingMessage,
): Promise<{ status: number; body: unknown }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const path = new URL(request.url ?? '/', 'http://docker').pathname.replace(/^\/v[\d.]+/, '');
  const text = Buffer.concat(chunks).toString('utf8');
  const found = (body: unknown) => ({ status: 200, body });
  if (path === '/info') return found({ MemTotal: 8 * GIB });
  if (path === '/containers/json') return found([listed(parts)]);
  if (path === '/networks/kind') return found({ IPAM: { Config: [{ Subnet: parts.subnet }] } });
  if (/^\/containers\/[^/]+\/json$/.test(path)) return found(detail(parts));
  // What is run inside is told by its name: the kernel's configuration and the clock have answers.
  if (path.endsWith('/exec')) return found({ Id: askedIn(text) });
  if (path === '/exec/kernel/start') return found((parts.kernel ?? KERNEL).join('\r\n'));
  if (path === '/exec/clock/start') return found(`${Math.floor(Date.now() / 1000)}\r\n`);
  if (path === '/exec/name/start') return found('answered\r\n');
  if (path === '/exec/other/start') return found('');
  return { status: 404, body: { message: 'no such thing' } };
}

const askedIn = (command: string): string =>
  command.includes('config.gz')
    ? 'kernel'
    : command.includes('date +%s')
      ? 'clock'
      : command.includes('clusterDNS')
        ? 'name'
        : 'other';

const listed = ({ cluster }: FakeDockerParts) => ({
  Id: `id-of-${cluster}`,
  Created: Math.floor(Date.now() / 1000) - 2 * 3600,
  Names: [`/${cluster}-control-plane`],
  State: 'running',
  Labels: { 'io.x-k8s.kind.cluster': cluster, 'io.x-k8s.kind.role': 'control-plane' },
});

const detail = ({ address, subnet, published }: FakeDockerParts) => ({
  State: { StartedAt: new Date(Date.now() - 2 * 3_600_000).toISOString() },
  NetworkSettings: {
    Ports: Object.fromEntries(
      Object.entries(published).map(([port, hostPort]) => [
        port,
        [{ HostIp: '0.0.0.0', HostPort: String(hostPort) }],
      ]),
    ),
    Networks: {
      kind: {
        IPAddress: address,
        Gateway: subnet.replace(/\d+\/\d+$/, '1'),
        IPPrefixLen: Number(subnet.split('/')[1]),
      },
    },
  },
});
