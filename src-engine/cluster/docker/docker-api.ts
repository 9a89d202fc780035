import { hostname } from 'node:os';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { dockerCall, messageOf, readAs, type Answer, type Call, type CallOptions } from './docker-call.ts';
import { runInside } from './docker-exec.ts';
import { ensureNetwork, removeNetwork } from './docker-own-network.ts';
import { refusal } from './docker-refusal.ts';
import {
  containersSchema,
  detailSchema,
  infoSchema,
  publishersSchema,
  type Container,
  type ContainerDetail,
  type DockerInfo,
  type Publisher,
} from './docker-shapes.ts';

/** The little that is needed of the Docker Engine API, over its Unix socket: nothing is spawned, nothing is parsed from text. */
export interface DockerApi {
  /** True when the daemon answers within two seconds. */
  ping(): Promise<boolean>;
  /** Null when the daemon does not say. */
  info(): Promise<DockerInfo | null>;
  /** Containers with that label, running or not. `dockerDown` when the daemon does not answer. */
  containers(label: string): Promise<Result<Container[]>>;
  /** Ports of the machine that running containers hold. */
  publishers(): Promise<Result<Publisher[]>>;
  inspect(name: string): Promise<Result<ContainerDetail>>;
  /** False also when the daemon does not answer. */
  hasImage(image: string): Promise<boolean>;
  setRestartPolicy(name: string, policy: 'no' | 'on-failure:1'): Promise<Result<void>>;
  start(name: string, signal: AbortSignal): Promise<Result<void>>;
  unpause(name: string): Promise<Result<void>>;
  /** SIGTERM (or the image's stop signal), then SIGKILL after `graceSeconds`. */
  stop(name: string, graceSeconds: number, signal: AbortSignal): Promise<Result<void>>;
  /** What its main process said last; empty when that is not to be had. */
  lastWords(name: string): Promise<string>;
  /** What a shell inside it prints; null when none can be run, or it prints nothing. */
  inside(name: string, script: string): Promise<string | null>;
  /** A bridge of that name with that subnet, marked as ours, when there is none of that name. */
  ensureNetwork(name: string, subnet: string): Promise<Result<void>>;
  /** Removes the bridge of that name when it is ours and nothing is on it. */
  removeNetwork(name: string): Promise<void>;
}

const START_MS = 60_000;
const LAST_LINES = 5;

export function dockerApi(socketPath: () => string | null): DockerApi {
  const call = dockerCall(socketPath);
  const act = (name: string, verb: string, options: CallOptions = {}) => actOn(call, name, verb, options);
  return {
    ping: async () => {
      const answer = await call('GET', '/_ping', { limitMs: 2000 });
      return answer.ok && answer.value.status === 200;
    },
    info: async () => {
      const answer = await call('GET', '/info');
      const read = answer.ok ? readAs(answer.value, infoSchema(hostname())) : answer;
      return read.ok ? read.value : null;
    },
    containers: async (label) => {
      const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
      const answer = await call('GET', `/containers/json?all=true&filters=${filters}`);
      return answer.ok ? readAs(answer.value, containersSchema) : answer;
    },
    publishers: async () => {
      const answer = await call('GET', '/containers/json');
      return answer.ok ? readAs(answer.value, publishersSchema) : answer;
    },
    inspect: async (name) => {
      const answer = await call('GET', `/containers/${encodeURIComponent(name)}/json`);
      if (!answer.ok) return answer;
      if (answer.value.status === 404) return fail('nodeGone', { node: name });
      return readAs(answer.value, detailSchema);
    },
    hasImage: async (image) => {
      const answer = await call('GET', `/images/${encodeURIComponent(image)}/json`);
      return answer.ok && answer.value.status === 200;
    },
    setRestartPolicy: (name, policy) => {
      const [kind, count] = policy.split(':');
      const body = { RestartPolicy: { Name: kind, MaximumRetryCount: Number(count ?? 0) } };
      return act(name, 'update', { body });
    },
    start: (name, signal) => act(name, 'start', { signal, limitMs: START_MS }),
    unpause: (name) => act(name, 'unpause'),
    stop: (name, graceSeconds, signal) =>
      act(name, `stop?t=${graceSeconds}`, { signal, limitMs: (graceSeconds + 30) * 1000 }),
    lastWords: (name) => lastWords(call, name),
    inside: async (name, script) => {
      const socket = socketPath();
      return socket === null ? null : runInside(socket, name, script);
    },
    ensureNetwork: (name, subnet) => ensureNetwork(call, name, subnet),
    removeNetwork: (name) => removeNetwork(call, name),
  };
}

async function actOn(call: Call, name: string, verb: string, options: CallOptions): Promise<Result<void>> {
  const answer = await call('POST', `/containers/${encodeURIComponent(name)}/${verb}`, options);
  return answer.ok ? refusedBy(answer.value, name) : answer;
}

/** 304: it is so already. */
function refusedBy(answer: Answer, node: string): Result<void> {
  if (answer.status < 400) return ok(undefined);
  if (answer.status === 404) return fail('nodeGone', { node });
  const detail = messageOf(answer);
  const known = refusal(detail);
  return known === null ? fail('nodeExited', { node, detail }) : { ok: false, error: known };
}

/** kind's nodes have a terminal, so that their log is plain text. */
async function lastWords(call: Call, name: string): Promise<string> {
  const query = `stdout=true&stderr=true&tail=${LAST_LINES}`;
  const answer = await call('GET', `/containers/${encodeURIComponent(name)}/logs?${query}`);
  if (!answer.ok || answer.value.status !== 200 || typeof answer.value.body !== 'string') return '';
  const lines = answer.value.body.split(/\r?\n/).map((line) => line.replace(NOT_TEXT, '').trim());
  return lines.findLast((line) => line !== '') ?? '';
}

/** Colours, and other bytes that a terminal would have taken for itself. */
// eslint-disable-next-line no-control-regex -- Control characters are what it is for.
const NOT_TEXT = /\u001b\[[\d;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f]/g;
