import { z } from 'zod';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { askOverSocket } from '../../platform/socket-http.ts';

/** The little that is needed of the Docker Engine API, over its Unix socket: nothing is spawned, nothing is parsed from text. */
export interface DockerApi {
  /** True when the daemon answers within two seconds. */
  ping(): Promise<boolean>;
  /** Containers with that label, running or not. `dockerDown` when the daemon does not answer. */
  containers(label: string): Promise<Result<Container[]>>;
  inspect(name: string): Promise<Result<ContainerDetail>>;
  setRestartPolicy(name: string, policy: 'no' | 'on-failure:1'): Promise<Result<void>>;
  start(name: string, signal: AbortSignal): Promise<Result<void>>;
  /** A bridge of that name with that subnet, when there is none of that name. */
  ensureNetwork(name: string, subnet: string): Promise<Result<void>>;
  /** SIGTERM (or the image's stop signal), then SIGKILL after `graceSeconds`. */
  stop(name: string, graceSeconds: number, signal: AbortSignal): Promise<Result<void>>;
}

const containersSchema = z
  .array(
    z.object({
      Names: z.array(z.string()),
      State: z.string(),
      Labels: z.record(z.string(), z.string()).nullish(),
    }),
  )
  .transform((containers): Container[] =>
    containers.map(({ Names, State, Labels }) => ({
      name: (Names[0] ?? '').replace(/^\//, ''),
      state: State,
      labels: Labels ?? {},
    })),
  );
export interface Container {
  readonly name: string;
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
}

const detailSchema = z
  .object({
    State: z.object({ StartedAt: z.string() }),
    NetworkSettings: z.object({ Networks: z.record(z.string(), z.object({ IPAddress: z.string() })) }),
  })
  .transform(({ State, NetworkSettings }): ContainerDetail => ({
    startedAt: new Date(State.StartedAt),
    address: Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '',
  }));
export interface ContainerDetail {
  readonly startedAt: Date;
  /** Address on the first network; empty when it has none now. */
  readonly address: string;
}

const LIMIT_MS = 5000;
/** Docker versions older than this one speak no API that we know. */
const API = '/v1.41';

export function dockerApi(socketPath: () => string | null): DockerApi {
  async function call(
    method: 'GET' | 'POST',
    path: string,
    options: CallOptions = {},
  ): Promise<Result<Answer>> {
    const socket = socketPath();
    if (socket === null) return fail('dockerDown');
    const { limitMs = LIMIT_MS, ...rest } = options;
    const answer = await askOverSocket({ socketPath: socket, method, path: API + path, limitMs, ...rest });
    return answer === null ? fail('dockerDown') : ok({ status: answer.status, body: parseJson(answer.text) });
  }
  const act = async (path: string, options: CallOptions): Promise<Result<void>> => {
    const answer = await call('POST', path, options);
    return answer.ok ? refusedBy(answer.value, path) : answer;
  };
  return {
    ping: async () => {
      const answer = await call('GET', '/info', { limitMs: 2000 });
      return answer.ok && answer.value.status === 200;
    },
    containers: async (label) => {
      const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
      const answer = await call('GET', `/containers/json?all=true&filters=${filters}`);
      return answer.ok ? readAs(answer.value, containersSchema) : answer;
    },
    inspect: async (name) => {
      const answer = await call('GET', `/containers/${encodeURIComponent(name)}/json`);
      if (!answer.ok) return answer;
      if (answer.value.status === 404) return fail('nodeGone', { node: name });
      return readAs(answer.value, detailSchema);
    },
    setRestartPolicy: (name, policy) => {
      const [kind, count] = policy.split(':');
      const body = { RestartPolicy: { Name: kind, MaximumRetryCount: Number(count ?? 0) } };
      return act(`/containers/${encodeURIComponent(name)}/update`, { body });
    },
    ensureNetwork: (name, subnet) => ensureNetwork(call, name, subnet),
    start: (name, signal) =>
      act(`/containers/${encodeURIComponent(name)}/start`, { signal, limitMs: 60_000 }),
    stop: (name, graceSeconds, signal) =>
      act(`/containers/${encodeURIComponent(name)}/stop?t=${graceSeconds}`, {
        signal,
        limitMs: (graceSeconds + 30) * 1000,
      }),
  };
}

type Call = (method: 'GET' | 'POST', path: string, options?: CallOptions) => Promise<Result<Answer>>;

async function ensureNetwork(call: Call, name: string, subnet: string): Promise<Result<void>> {
  const there = await call('GET', `/networks/${encodeURIComponent(name)}`);
  if (!there.ok) return there;
  if (there.value.status === 200) return ok(undefined);
  const body = { Name: name, Driver: 'bridge', IPAM: { Driver: 'default', Config: [{ Subnet: subnet }] } };
  const made = await call('POST', '/networks/create', { body });
  if (!made.ok) return made;
  if (made.value.status < 400) return ok(undefined);
  return fail('toolFailed', { tool: 'Docker', detail: messageOf(made.value) });
}

interface CallOptions {
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly limitMs?: number;
}
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The answer's body in our own shape; a body of another shape is Docker's message, or its status. */
function readAs<T>(answer: Answer, schema: z.ZodType<T>): Result<T> {
  const parsed = schema.safeParse(answer.body);
  return parsed.success ? ok(parsed.data) : fail('toolFailed', { tool: 'Docker', detail: messageOf(answer) });
}

/** 304: it is so already. */
function refusedBy(answer: Answer, path: string): Result<void> {
  if (answer.status < 400) return ok(undefined);
  const node = decodeURIComponent(path.split('/')[2] ?? '');
  const detail = messageOf(answer);
  if (answer.status === 404) return fail('nodeGone', { node });
  const port = takenPort(detail);
  return port === null ? fail('nodeExited', { node, detail }) : fail('portTaken', { port });
}

/**
 * The port of "port is already allocated" (a container holds it) or "address already in use" (a process does);
 * both texts come from `create` and `start` alike (recordings of kind, note 8).
 */
export function takenPort(text: string): string | null {
  const match =
    /(?:Bind for|listen tcp4?|listen udp4?) [^ ]*:(\d+)(?: failed)?: (?:port is already allocated|bind: address already in use)/.exec(
      text,
    );
  return match?.[1] ?? null;
}

function messageOf({ status, body }: Answer): string {
  const message = typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : '';
  return message.slice(0, 500) || `HTTP ${status}`;
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? null : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}
