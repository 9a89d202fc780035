import { z } from 'zod';
import { fail, type Result } from '../../../src-shared/errors/result.ts';

/** One line of `minikube … -o json`: a CloudEvent whose data values are all strings (research/cluster-tools.md, 4). */
const eventSchema = z.object({ type: z.string(), data: z.record(z.string(), z.string()).default({}) });

const PREFIX = 'io.k8s.sigs.minikube.';

export type MinikubeEvent =
  | {
      readonly type: 'step';
      readonly name: string;
      readonly current: number | null;
      readonly total: number | null;
    }
  | { readonly type: 'download'; readonly artifact: string; readonly progress: number | null }
  | {
      readonly type: 'error';
      readonly reason: string;
      readonly exitCode: number | null;
      readonly message: string;
      readonly advice: string;
    }
  | { readonly type: 'other' };

/** Null for a line that is no event (klog, or half a line of a killed process). */
export function parseEvent(line: string): MinikubeEvent | null {
  const parsed = eventSchema.safeParse(parseJson(line));
  if (!parsed.success || !parsed.data.type.startsWith(PREFIX)) return null;
  const { data } = parsed.data;
  switch (parsed.data.type.slice(PREFIX.length)) {
    case 'step':
      return {
        type: 'step',
        name: data['name'] ?? '',
        current: whole(data['currentstep']),
        total: whole(data['totalsteps']),
      };
    case 'download.progress':
      return { type: 'download', artifact: data['artifact'] ?? '', progress: fraction(data['progress']) };
    case 'error':
      return {
        type: 'error',
        reason: data['name'] ?? '',
        exitCode: whole(data['exitcode']),
        message: data['message'] ?? '',
        advice: data['advice'] ?? '',
      };
    default:
      return { type: 'other' };
  }
}

/** Empty on detours: minikube sends "" there. */
function whole(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

function fraction(text: string | undefined): number | null {
  const value = Number(text);
  return text === undefined || text === '' || !(value >= 0 && value <= 1) ? null : value;
}

/** The last error event as an error of ours. */
export function minikubeFailure(events: readonly MinikubeEvent[], exitCode: number | null): Result<never> {
  const error = events.findLast((event) => event.type === 'error');
  if (error?.reason === 'DRV_DOCKER_NOT_RUNNING' || error?.reason === 'PROVIDER_DOCKER_NOT_RUNNING')
    return fail('dockerDown');
  const { reason, message, advice } = error ?? {
    reason: `exit ${exitCode ?? 'by a signal'}`,
    message: 'it told no reason',
    advice: '',
  };
  return fail('minikubeFailed', {
    reason: reason || 'no reason id',
    detail: message.slice(0, 300),
    advice: advice.slice(0, 300) || 'Run "minikube logs" for more.',
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
