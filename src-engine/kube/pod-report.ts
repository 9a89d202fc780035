import type { CoreV1Api, CoreV1Event, V1Pod } from '@kubernetes/client-node';
import type { PodContainer, PodReport } from '../../src-shared/pod-report.ts';
import type { Clock, Scheduler } from '../platform/clock.ts';
import { answered, LIMIT_MS, type Answered } from './api-client.ts';
import { clientsOf, readKubeconfig } from './api-connection.ts';
import { whyOfTrouble, type ApiTrouble } from './api-trouble.ts';
import { logTail, plainText } from './log-tail.ts';
import { troublesOf, type Trouble } from './pod-trouble.ts';

const LINES = 200;
/** A runtime splits a line at 16 KiB: eight of them fit. */
const FEWER_LINES = [40, 8] as const;
const READ_BYTES = 512 * 1024;
/** The API keeps to the limit "slightly more or slightly less" (its reference, `limitBytes`). */
const WHOLE_BYTES = READ_BYTES * 0.9;
const EVENTS = 20;
/** The API has more of one pod only when it repeats itself without counting. */
const EVENTS_READ = 200;
const LONGEST_MESSAGE = 500;

export interface PodPlace {
  readonly namespace: string;
  readonly name: string;
}

/**
 * What a pod says of its trouble: its containers with the last of their logs, and its events. Three seconds for all of it:
 * what has not come by then is left out. `gone`: there is no pod of that name any more.
 */
export async function readPodReport(
  kubeconfig: string,
  place: PodPlace,
  { clock, scheduler }: { readonly clock: Clock; readonly scheduler: Scheduler },
): Promise<PodReport | ApiTrouble | 'gone'> {
  const config = await readKubeconfig(kubeconfig, clock.wall());
  if (typeof config === 'string') return config;
  const { CoreV1Api: Core } = await import('@kubernetes/client-node');
  const core = (await clientsOf(config))(Core);
  const over = new AbortController();
  const limit = scheduler.after(LIMIT_MS, () => over.abort());
  const ask: Ask = (request) => answered(request, scheduler, { signal: over.signal });
  try {
    const found = await ask(core.readNamespacedPod({ ...place }));
    if (!found.ok) return found.code === 404 ? 'gone' : found.trouble;
    const pod = found.value;
    const [containers, events] = await Promise.all([
      Promise.all(troublesOf(pod.status).map((trouble) => withLog(core, ask, place, trouble))),
      eventsOf(core, ask, place, pod),
    ]);
    return { pod: `${place.namespace}/${place.name}`, node: pod.spec?.nodeName ?? null, containers, events };
  } finally {
    limit.dispose();
    over.abort();
  }
}

type Ask = <T>(request: Promise<T>) => Promise<Answered<T>>;

async function withLog(
  core: CoreV1Api,
  ask: Ask,
  place: PodPlace,
  { run, ...trouble }: Trouble,
): Promise<PodContainer> {
  const previous = run === 'previous';
  if (run === 'none') return { ...trouble, previous, log: null, problem: null };
  const request = { ...place, container: trouble.name, limitBytes: READ_BYTES, previous };
  const answer = await lastLines((tailLines) => ask(core.readNamespacedPodLog({ ...request, tailLines })));
  if (!answer.ok) return { ...trouble, previous, log: null, problem: problemIn(answer) };
  return { ...trouble, previous, log: logTail(answer.value), problem: null };
}

/** Of more than it may tell the API leaves out the newest, not the oldest: then it is asked for fewer lines. */
async function lastLines(read: (lines: number) => Promise<Answered<string>>): Promise<Answered<string>> {
  let answer = await read(LINES);
  for (const fewer of FEWER_LINES) {
    if (!answer.ok || Buffer.byteLength(answer.value, 'utf8') < WHOLE_BYTES) return answer;
    answer = await read(fewer);
  }
  return answer;
}

/** The API's own words (`v1.Status`), or what kept it from speaking, as an id of language/ (`why.ID`). */
function problemIn({ body, trouble }: Extract<Answered<string>, { ok: false }>): string {
  const said = messageIn(typeof body === 'string' ? parsed(body) : body);
  return said === null ? (whyOfTrouble(trouble) ?? trouble) : plainText(said).slice(0, LONGEST_MESSAGE);
}

function messageIn(body: unknown): string | null {
  const isNamed = typeof body === 'object' && body !== null && 'message' in body;
  return isNamed && typeof body.message === 'string' ? body.message : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Of this very pod: one before it may have had its name. */
async function eventsOf(
  core: CoreV1Api,
  ask: Ask,
  { namespace, name }: PodPlace,
  { metadata }: V1Pod,
): Promise<PodReport['events']> {
  const its = metadata?.uid === undefined ? '' : `,involvedObject.uid=${metadata.uid}`;
  const fieldSelector = `involvedObject.name=${name}${its}`;
  const found = await ask(core.listNamespacedEvent({ namespace, fieldSelector, limit: EVENTS_READ }));
  if (!found.ok) return null;
  return found.value.items
    .map(eventOf)
    .sort((a, b) => (b.at ?? '').localeCompare(a.at ?? ''))
    .slice(0, EVENTS);
}

function eventOf(event: CoreV1Event): NonNullable<PodReport['events']>[number] {
  const { type, reason, message, count, series } = event;
  const at = event.lastTimestamp ?? series?.lastObservedTime ?? event.eventTime ?? event.firstTimestamp;
  return {
    at: isoOf(at),
    type: type === 'Warning' ? 'Warning' : 'Normal',
    reason: plainText(reason ?? '?').slice(0, LONGEST_MESSAGE),
    message: plainText(message ?? '').slice(0, LONGEST_MESSAGE),
    count: count ?? series?.count ?? 1,
  };
}

/** A time comes as a Date, as text (of microseconds) or as null, whatever the types say. */
function isoOf(at: Date | string | null | undefined): string | null {
  const date = new Date(at ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
