import { z } from 'zod';
import { askOverSocket } from '../../platform/socket-http.ts';

/** How a container of this runtime sees the machine that it runs on. */
export interface HostSeen {
  /** Of the container's network: on Linux an address of this very machine. IPv4. */
  readonly gateway: string;
  readonly prefixLength: number;
  /** What `host.docker.internal` (or Lima's name) is inside; null when nothing answers to it. */
  readonly hostAddress: string | null;
}

const LIMIT_MS = 5000;
const networksSchema = z.object({
  NetworkSettings: z.object({
    Networks: z.record(z.string(), z.object({ Gateway: z.string(), IPPrefixLen: z.number().int() })),
  }),
});
const madeSchema = z.object({ Id: z.string() });
/** Node images have `getent`; the first name that leads anywhere. */
const LOOK_UP = 'getent ahostsv4 host.docker.internal || getent ahostsv4 host.lima.internal';

/** Null when the daemon does not answer, or the container is on no network now. */
export async function hostSeenBy(socketPath: string, container: string): Promise<HostSeen | null> {
  const path = `/containers/${encodeURIComponent(container)}`;
  const told = await ask(socketPath, 'GET', `${path}/json`);
  const read = networksSchema.safeParse(told);
  const network = read.success ? Object.values(read.data.NetworkSettings.Networks)[0] : undefined;
  if (network === undefined || network.Gateway === '') return null;
  return {
    gateway: network.Gateway,
    prefixLength: network.IPPrefixLen,
    hostAddress: await hostName(socketPath, path),
  };
}

async function hostName(socketPath: string, path: string): Promise<string | null> {
  const body = { Cmd: ['sh', '-c', LOOK_UP], AttachStdout: true, Tty: true };
  const made = madeSchema.safeParse(await ask(socketPath, 'POST', `${path}/exec`, body));
  if (!made.success) return null;
  const answer = await askOverSocket({
    socketPath,
    method: 'POST',
    path: `/exec/${made.data.Id}/start`,
    body: { Detach: false, Tty: true },
    limitMs: LIMIT_MS,
  });
  return addressIn(answer?.text ?? '');
}

/** The first word of the first line, when it is an address. */
export function addressIn(text: string): string | null {
  return /^\s*(\d{1,3}(?:\.\d{1,3}){3})\s/.exec(text)?.[1] ?? null;
}

async function ask(
  socketPath: string,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const answer = await askOverSocket({ socketPath, method, path, body, limitMs: LIMIT_MS });
  if (answer === null || answer.status >= 400) return null;
  try {
    return JSON.parse(answer.text) as unknown;
  } catch {
    return null;
  }
}
