import { z } from 'zod';
import { jsonIn } from './json-in.ts';

/** One line of `minikube … -o json`: a CloudEvent whose data values are all strings (research/cluster-tools.md, 4). */
const eventSchema = z.object({ type: z.string(), data: z.record(z.string(), z.unknown()).nullish() });

const PREFIX = 'io.k8s.sigs.minikube.';

/** What minikube says when it gives up. Empty text: it said nothing of that. */
export interface MinikubeError {
  readonly type: 'error';
  /** Its stable id, such as `DRV_NOT_FOUND`. */
  readonly reason: string;
  readonly exitCode: number | null;
  readonly message: string;
  readonly advice: string;
  readonly url: string;
  /** Addresses of issues that are known about it. */
  readonly issues: readonly string[];
}

export type MinikubeEvent =
  | {
      readonly type: 'step';
      readonly name: string;
      readonly message: string;
      readonly current: number | null;
      readonly total: number | null;
    }
  /** `progress` null: it begins. */
  | { readonly type: 'download'; readonly artifact: string; readonly progress: number | null }
  | { readonly type: 'warning' | 'info'; readonly message: string }
  | MinikubeError
  | { readonly type: 'other' };

type Data = Readonly<Record<string, unknown>>;

/** Null for a line that is no event (klog, or half a line of a killed process). */
export function parseEvent(line: string): MinikubeEvent | null {
  const parsed = eventSchema.safeParse(line.trimStart().startsWith('{') ? jsonIn(line) : undefined);
  if (!parsed.success || !parsed.data.type.startsWith(PREFIX)) return null;
  return eventOf(parsed.data.type.slice(PREFIX.length), parsed.data.data ?? {});
}

function eventOf(type: string, data: Data): MinikubeEvent {
  switch (type) {
    case 'step':
      return {
        type,
        name: textOf(data['name']),
        message: textOf(data['message']),
        current: whole(data['currentstep']),
        total: whole(data['totalsteps']),
      };
    case 'download':
      return { type, artifact: textOf(data['artifact']), progress: null };
    case 'download.progress':
      return { type: 'download', artifact: textOf(data['artifact']), progress: fraction(data['progress']) };
    case 'warning':
    case 'info':
      return { type, message: textOf(data['message']) };
    case 'error':
      return errorOf(data);
    default:
      return { type: 'other' };
  }
}

function errorOf(data: Data): MinikubeError {
  return {
    type: 'error',
    reason: textOf(data['name']),
    exitCode: whole(data['exitcode']),
    message: textOf(data['message']),
    advice: textOf(data['advice']),
    url: textOf(data['url']),
    issues: textOf(data['issues'])
      .split(/[\s,]+/)
      .filter((issue) => issue.startsWith('http')),
  };
}

/** Strings by the documentation; a number would mean the same. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' ? String(value) : '';
}

/** Empty on detours: minikube sends "" there. */
function whole(value: unknown): number | null {
  const text = textOf(value);
  return /^\d+$/.test(text) ? Number(text) : null;
}

function fraction(value: unknown): number | null {
  const text = textOf(value);
  const number = Number(text);
  return text === '' || !(number >= 0 && number <= 1) ? null : number;
}

/**
 * The same failure as words, where a verb knows no events or was asked for none: `X Exiting due to ID: message`, then
 * `* Suggestion: advice` and `* Related issue: address`. Null: it is not there.
 */
export function errorInWords(text: string): MinikubeError | null {
  const exiting = /Exiting due to ([A-Z][A-Z0-9_]+): (.*)/.exec(text);
  if (exiting === null) return null;
  const [, reason = '', message = ''] = exiting;
  const after = (label: string): string => new RegExp(`${label}: *(.*)`).exec(text)?.[1]?.trim() ?? '';
  const issue = after('Related issue');
  return {
    type: 'error',
    reason,
    exitCode: null,
    message: message.trim(),
    advice: after('Suggestion'),
    url: after('Documentation'),
    issues: issue === '' ? [] : [issue],
  };
}

/** minikube's own words for what it is doing; its numbers skip, so they are shown and not counted with. */
export function detailOf(event: MinikubeEvent): string | null {
  switch (event.type) {
    case 'step':
      return event.current === null || event.total === null
        ? event.name || null
        : `${event.current}/${event.total} ${event.name}`;
    case 'download':
      return event.progress === null
        ? event.artifact
        : `${event.artifact} ${Math.round(event.progress * 100)} %`;
    case 'warning':
    case 'info':
    case 'error':
    case 'other':
      return null;
  }
}
