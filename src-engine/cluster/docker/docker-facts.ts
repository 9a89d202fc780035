import { z } from 'zod';
import { askOverSocket } from '../../platform/socket-http.ts';
import { runInside } from './docker-exec.ts';

/** What the container runtime tells of its machine, and of the nodes of one cluster. Null: not to be told. */
export interface DockerFacts {
  readonly up: boolean;
  readonly memoryBytes: number | null;
  /** `PORT/PROTOCOL` inside a node, where it is published on this machine. */
  readonly published:
    readonly { readonly port: string; readonly hostPort: number; readonly onLan: boolean }[] | null;
  /** IPv4 networks that its nodes are on. */
  readonly networks: readonly string[];
  /** The kernel's configuration, as its lines. */
  readonly kernelConfig: string | null;
}

const LIMIT_MS = 5000;
const CLUSTER_LABEL = 'io.x-k8s.kind.cluster';

const infoSchema = z.object({ MemTotal: z.number() });
const containersSchema = z.array(z.object({ Id: z.string(), State: z.string() }));
const bindingSchema = z.object({ HostIp: z.string(), HostPort: z.string() });
const containerSchema = z.object({
  NetworkSettings: z.object({
    Ports: z.record(z.string(), z.array(bindingSchema).nullable()).nullish(),
    Networks: z.record(z.string(), z.unknown()),
  }),
});
const networkSchema = z.object({
  IPAM: z.object({ Config: z.array(z.object({ Subnet: z.string().optional() })).nullish() }),
});
/** Either is there, or neither. */
const KERNEL = 'zcat /proc/config.gz 2>/dev/null || cat "/boot/config-$(uname -r)" 2>/dev/null';

/** @param lanHost where the link listens: a port that is published there is on the LAN, as one on all addresses is */
export async function dockerFacts(
  socketPath: string,
  cluster: string,
  lanHost: string | null,
): Promise<DockerFacts> {
  const info = infoSchema.safeParse(await ask(socketPath, '/info'));
  const nothing = { memoryBytes: null, published: null, networks: [], kernelConfig: null };
  if (!info.success) return { up: false, ...nothing };
  const filters = encodeURIComponent(JSON.stringify({ label: [`${CLUSTER_LABEL}=${cluster}`] }));
  const listed = containersSchema.safeParse(
    await ask(socketPath, `/containers/json?all=true&filters=${filters}`),
  );
  if (!listed.success) return { up: true, ...nothing, memoryBytes: info.data.MemTotal };
  const nodes = await Promise.all(
    listed.data.map(async ({ Id }) =>
      containerSchema.safeParse(await ask(socketPath, `/containers/${Id}/json`)),
    ),
  );
  const seen = nodes.flatMap((node) => (node.success ? [node.data.NetworkSettings] : []));
  const running = listed.data.find(({ State }) => State === 'running');
  return {
    up: true,
    memoryBytes: info.data.MemTotal,
    published: seen.length < nodes.length ? null : seen.flatMap(({ Ports }) => portsOf(Ports ?? {}, lanHost)),
    networks: await networksOf(socketPath, [
      ...new Set(seen.flatMap(({ Networks }) => Object.keys(Networks))),
    ]),
    kernelConfig: running === undefined ? null : await runInside(socketPath, running.Id, KERNEL),
  };
}

function portsOf(
  ports: Readonly<Record<string, readonly z.infer<typeof bindingSchema>[] | null>>,
  lanHost: string | null,
): { port: string; hostPort: number; onLan: boolean }[] {
  return Object.entries(ports).flatMap(([port, bindings]) =>
    (bindings ?? []).map(({ HostIp, HostPort }) => ({
      port,
      hostPort: Number(HostPort),
      onLan: ['', '0.0.0.0', '::'].includes(HostIp) || HostIp === lanHost,
    })),
  );
}

async function networksOf(socketPath: string, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    names.map(async (name) =>
      networkSchema.safeParse(await ask(socketPath, `/networks/${encodeURIComponent(name)}`)),
    ),
  );
  return found
    .flatMap((network) => (network.success ? (network.data.IPAM.Config ?? []) : []))
    .flatMap(({ Subnet }) => (Subnet?.includes('.') === true ? [Subnet] : []));
}

async function ask(socketPath: string, path: string): Promise<unknown> {
  const answer = await askOverSocket({ socketPath, method: 'GET', path, limitMs: LIMIT_MS });
  if (answer === null || answer.status >= 400) return null;
  try {
    return JSON.parse(answer.text) as unknown;
  } catch {
    return null;
  }
}
