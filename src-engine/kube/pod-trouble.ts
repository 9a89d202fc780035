import { plainText } from './log-tail.ts';

/** Of a container's status, as the API writes it: what tells which of its logs says most. */
export interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state?: RunState | undefined;
  readonly lastState?: RunState | undefined;
}

interface RunState {
  readonly waiting?:
    { readonly reason?: string | undefined; readonly message?: string | undefined } | undefined;
  readonly running?: object | undefined;
  readonly terminated?: Ended | undefined;
}

interface Ended {
  readonly exitCode: number;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

/** Of a pod. */
export interface PodStatus {
  readonly initContainerStatuses?: readonly ContainerStatus[] | undefined;
  readonly containerStatuses?: readonly ContainerStatus[] | undefined;
}

/** Which container is in trouble, with which words, and which of its runs left a log that tells of it. */
export interface Trouble {
  readonly name: string;
  readonly why: string | null;
  readonly message: string | null;
  readonly exitCode: number | null;
  readonly restarts: number;
  /** `none`: it has never run. */
  readonly run: 'current' | 'previous' | 'none';
}

/** So many logs fit on a page. */
const MOST = 3;
const LONGEST_MESSAGE = 500;
/** What a container waits for in the ordinary course of things (kubernetes, pkg/kubelet/kubelet_pods.go). */
const usual: readonly string[] = ['ContainerCreating', 'PodInitializing'];

/** The containers of a pod that are in trouble, in the order in which they run. */
export function troublesOf(status: PodStatus | undefined): Trouble[] {
  const init = (status?.initContainerStatuses ?? []).filter((one) => one.state?.terminated?.exitCode !== 0);
  const own = (status?.containerStatuses ?? []).filter(({ ready }) => !ready);
  return [...init, ...own].filter(hasSomethingToSay).slice(0, MOST).map(troubleOf);
}

/** One that waits for its turn has nothing to say. */
function hasSomethingToSay({ state, lastState }: ContainerStatus): boolean {
  const { reason } = state?.waiting ?? {};
  return state?.waiting === undefined || lastState?.terminated !== undefined || !usual.includes(reason ?? '');
}

function troubleOf({ name, restartCount, state, lastState }: ContainerStatus): Trouble {
  const ended = state?.terminated ?? lastState?.terminated;
  const said = state?.waiting ?? state?.terminated;
  return {
    name,
    why: said?.reason ?? null,
    message: said?.message === undefined ? null : plainText(said.message).slice(0, LONGEST_MESSAGE),
    exitCode: ended?.exitCode ?? null,
    restarts: restartCount,
    run: runOf(state, lastState),
  };
}

/** Of one that crashes again and again, the run that crashed says why; the one that has just begun says nothing yet. */
function runOf(state: RunState | undefined, lastState: RunState | undefined): Trouble['run'] {
  if (state?.terminated !== undefined) return 'current';
  if (lastState?.terminated !== undefined) return 'previous';
  return state?.running === undefined ? 'none' : 'current';
}
