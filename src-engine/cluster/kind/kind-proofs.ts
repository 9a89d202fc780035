import { fail, ok, type Result, type TandemError } from '../../../src-shared/errors/result.ts';
import { pause, type Scheduler } from '../../platform/clock.ts';
import type { Container } from '../docker/docker-shapes.ts';
import type { ClusterRecord, Step } from '../provider.ts';
import { kindNodes, lifeMissing, startsOf, type KindEyes, type RunSeen } from './kind-observe.ts';

const LIMIT_MS = 5 * 60_000;
const POLL_MS = 500;
/** So many looks in a row that saw no node: it is not a moment of Docker's. */
const MOST_BLIND = 6;

/** Each proof, by the reason that stands as long as it is missing; in the order in which they are had. */
const proofs: readonly (readonly [step: string, missing: string | null])[] = [
  ['waitApi', null],
  ['proveHeartbeat', 'provingHeartbeat'],
  ['proveLeader', 'provingLeader'],
  ['proveDns', 'provingDns'],
  ['proveName', 'provingName'],
];

/** Does what can be done about what is still missing. */
export type Hasten = (run: RunSeen, missing: string | null) => Promise<void>;

/**
 * "Running" means all proofs of life; each is a step of its own, so that people see what is still missing. A node that
 * ends meanwhile ends the wait: it does not come up by being waited for.
 */
export function proofSteps(
  eyes: KindEyes,
  scheduler: Scheduler,
  record: ClusterRecord,
  hasten: Hasten = async () => undefined,
): Step[] {
  const looks = { look: () => lookAt(eyes, record), ended: (node: Container) => ended(eyes, node), hasten };
  return proofStepsBy(scheduler, record, looks);
}

/** How a cluster's life is looked for while it comes up. */
export interface LifeLooks {
  look(): Promise<Look>;
  /** Why a node that has ended did so. */
  ended(node: Container): Promise<Result<never>>;
  readonly hasten: Hasten;
}

/** The same steps, whichever tool has made the cluster. */
export function proofStepsBy(
  scheduler: Scheduler,
  { name }: Pick<ClusterRecord, 'name'>,
  looks: LifeLooks,
): Step[] {
  return proofs.map(([id], index) => {
    const waited = proofs.slice(1, index + 1).map(([, missing]) => missing);
    return {
      id,
      limitMs: LIMIT_MS,
      run: async ({ signal }) => {
        let fallen: Container | null = null;
        let blindTimes = 0;
        while (!signal.aborted) {
          const look = await looks.look();
          if (look.isUp && isProven(look.missing, waited)) return ok(undefined);
          blindTimes = look.trouble === null ? 0 : blindTimes + 1;
          if (look.trouble !== null && blindTimes >= MOST_BLIND) return { ok: false, error: look.trouble };
          // Docker restarts a node once by itself: only one that lies there twice has ended.
          if (look.fallen !== null && look.fallen.name === fallen?.name) return looks.ended(look.fallen);
          fallen = look.fallen;
          if (look.run !== null) await looks.hasten(look.run, look.missing);
          await pause(scheduler, POLL_MS, signal);
        }
        return fail('apiUnreachable', { name });
      },
    };
  });
}

/** Nothing of what this step waits for is missing; what later steps wait for may be. A node that is not ready yet counts as no heartbeat. */
function isProven(missing: string | null, waited: readonly (string | null)[]): boolean {
  const reason = missing === 'nodeNotReady' ? 'provingHeartbeat' : missing;
  return reason === null || !waited.includes(reason);
}

export interface Look {
  readonly isUp: boolean;
  readonly missing: string | null;
  /** Null: its API does not answer yet. */
  readonly run: RunSeen | null;
  /** A node that has ended. */
  readonly fallen: Container | null;
  /** What hides its nodes. */
  readonly trouble: TandemError | null;
}

async function lookAt(eyes: KindEyes, record: ClusterRecord): Promise<Look> {
  const nothing: Look = { isUp: false, missing: null, run: null, fallen: null, trouble: null };
  const nodes = await kindNodes(eyes.docker, record.name);
  if (!nodes.ok) return { ...nothing, trouble: nodes.error };
  const containers = nodes.value;
  if (containers.length === 0)
    return { ...nothing, trouble: { code: 'clusterAbsent', params: { name: record.name } } };
  const fallen = containers.find(({ state }) => state === 'exited' || state === 'dead') ?? null;
  const starts = await startsOf(eyes.docker, containers);
  const snapshot = fallen === null ? await eyes.api.read(eyes.files.kubeconfig(record.name)) : null;
  if (snapshot === null || !starts.ok) return { ...nothing, fallen };
  const run = { snapshot, starts: starts.value, containers };
  return { ...nothing, isUp: true, missing: await lifeMissing(eyes, record, run), run, fallen };
}

/** With its exit code and its last words: the container is still there to be asked. */
export async function ended(
  { docker }: Pick<KindEyes, 'docker'>,
  { name }: Container,
): Promise<Result<never>> {
  const detail = await docker.inspect(name);
  const code = detail.ok ? `exit ${detail.value.exitCode}` : '';
  const words = await docker.lastWords(name);
  return fail('nodeExited', {
    node: name,
    detail: [code, words]
      .filter((part) => part !== '')
      .join(': ')
      .slice(0, 300),
  });
}
