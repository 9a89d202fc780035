import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { runtimeTitle } from '../../../src-shared/world/runtime.ts';
import { pause, type Clock, type Scheduler } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { mayStop, type StopRequest } from './contents.ts';
import { controlOf, hindrance, knowsNoSuchVerb, type ToolCall } from './runtime-control.ts';
import type { RuntimeHand } from './runtime-hand.ts';
import type { Seen } from './runtime-look.ts';
import { lastComplaint } from './runtime-output.ts';
import type { RuntimeRef } from './runtime-ref.ts';

export interface ChangeNeeds {
  readonly hand: RuntimeHand;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Logger;
  look(deep: boolean): Promise<Seen>;
  /** Clusters of ours in it that something is being done to. */
  busy(): readonly { readonly name: string; readonly verb: string }[];
  /** The way a person's stop does it. */
  stopCluster(name: string): Promise<Result<unknown>>;
}

/** A machine boots, and its daemon with it: 3-10 s as a rule, minutes when something is fetched first. */
const TOOL_START_MS = 180_000;
/** The tool has ended well, and the daemon still has to answer. */
const ANSWER_MS = 60_000;
const TOOL_STOP_MS = 60_000;
/** A tool may complain because another one is at it: that one's success counts, too. */
const COMPLAINT_MS = 5000;
const SILENCE_MS = 30_000;
const LOOK_MS = 500;

/** How long a start may take in all, looks and all. */
export const START_LIMIT_MS = TOOL_START_MS + ANSWER_MS + 30_000;

/**
 * Starts the runtime and waits until its daemon answers: that alone is success. Nothing cuts it short, since a
 * machine whose boot is broken off may not come up again.
 */
export async function startRuntime(needs: ChangeNeeds): Promise<Result<void>> {
  const seen = await needs.look(true);
  const { ref, info, denied } = seen;
  if (info !== null) return ok(undefined);
  // It may be up: what is missing is the leave to ask.
  if (denied) return fail('dockerDenied');
  const ready = await mayStart(needs, seen);
  if (!ready.ok) return ready;
  const control = ref === null ? null : controlOf(ref, needs.hand.standing);
  if (ref === null || control === null) return fail('runtimeMissing');
  const ran = await firstThatKnows(needs, ref, 'start', control.start);
  if (await seenWithin(needs, ran.ok ? ANSWER_MS : COMPLAINT_MS, answers)) return ok(undefined);
  if (!ran.ok) return (await otherBringsItUp(needs, ref, control.start)) ? ok(undefined) : ran;
  const limitSeconds = Math.round(ANSWER_MS / 1000);
  return fail('runtimeStartSilent', { runtime: runtimeTitle(ref), limitSeconds });
}

const answers = ({ info }: Seen): boolean => info !== null;

/**
 * The tool complains while another one is at it, such as one that an engine which was killed has left behind: as
 * long as that is on its way, it is waited for.
 */
async function otherBringsItUp(
  needs: ChangeNeeds,
  ref: RuntimeRef,
  calls: readonly ToolCall[],
): Promise<boolean> {
  const endMs = needs.clock.monotonicMs() + ANSWER_MS;
  while (needs.clock.monotonicMs() < endMs && (await isOnItsWay(needs, ref, calls)))
    if (await seenWithin(needs, COMPLAINT_MS, answers)) return true;
  return answers(await needs.look(false));
}

async function isOnItsWay(
  { hand }: ChangeNeeds,
  { name, profile }: RuntimeRef,
  calls: readonly ToolCall[],
): Promise<boolean> {
  for (const call of calls) if (await hand.isAt(call)) return true;
  if (name !== 'colima') return false;
  // Its machine runs, and the daemon in it may still come.
  const its = (await hand.colimaProfiles())?.find((one) => one.name === profile);
  return its?.status === 'Running';
}

/** Whether it is ours to start, and could be: Colima starts no profile of ours that a person never made. */
async function mayStart({ hand }: ChangeNeeds, { ref, endpoint }: Seen): Promise<Result<void>> {
  const error = hindrance(ref, hand.standing, endpoint.path ?? endpoint.target);
  if (error !== null) return { ok: false, error };
  if (ref?.name !== 'colima') return ok(undefined);
  const runtime = runtimeTitle(ref);
  const profiles = await hand.colimaProfiles();
  if (profiles === null) return fail('runtimeToolMissing', { runtime, tool: 'colima' });
  const profile = profiles.find(({ name }) => name === ref.profile);
  const its = ref.profile === 'default' ? '' : ` --profile ${ref.profile}`;
  if (profile === undefined) return fail('runtimeNeverMade', { runtime, command: `colima start${its}` });
  if (profile.status === 'Broken')
    return fail('runtimeBroken', { runtime, command: `colima stop --force${its}` });
  return ok(undefined);
}

/**
 * Stops the runtime: our clusters in it first, when that was agreed to. Success is its silence.
 * What came while our clusters stopped is looked at again.
 */
export async function stopRuntime(needs: ChangeNeeds, request: StopRequest): Promise<Result<void>> {
  const first = await needs.look(true);
  const { ref } = first;
  const socket = first.endpoint.path ?? first.endpoint.target;
  const error = hindrance(ref, needs.hand.standing, socket);
  if (error !== null) return { ok: false, error };
  if (first.info === null && !first.silent) return ok(undefined);
  const control = ref === null ? null : controlOf(ref, needs.hand.standing);
  if (ref === null || control === null) return fail('runtimeMissing');
  const allowed = allowedBy(needs, ref, first, request);
  if (!allowed.ok) return allowed;
  for (const name of allowed.value) {
    const stopped = await needs.stopCluster(name);
    if (!stopped.ok) return stopped;
  }
  if (allowed.value.length > 0) {
    const again = allowedBy(needs, ref, await needs.look(true), { ...request, yes: false });
    if (!again.ok) return again;
  }
  const ran = await firstThatKnows(needs, ref, 'stop', control.stop);
  const isDown = ({ info, silent }: Seen): boolean => info === null && !silent;
  if (await seenWithin(needs, ran.ok ? SILENCE_MS : COMPLAINT_MS, isDown)) return ok(undefined);
  return ran.ok ? fail('runtimeStillUp', { runtime: runtimeTitle(ref) }) : ran;
}

function allowedBy(needs: ChangeNeeds, ref: RuntimeRef, seen: Seen, request: StopRequest): Result<string[]> {
  const { held, beside } = seen;
  return mayStop({ runtime: runtimeTitle(ref), held, beside, busy: needs.busy() }, request);
}

/** Runs the calls in their order until one of them is known to its tool; that one's result counts. */
async function firstThatKnows(
  { hand, log }: ChangeNeeds,
  ref: RuntimeRef,
  verb: 'start' | 'stop',
  calls: readonly ToolCall[],
): Promise<Result<void>> {
  const runtime = runtimeTitle(ref);
  let result: Result<void> = fail('runtimeMissing');
  for (const call of calls) {
    const ran = await hand.run(call, verb === 'start' ? TOOL_START_MS : TOOL_STOP_MS);
    const { exitCode, failure, stderr, stdout } = ran;
    log.info({ ...call, exitCode, failure, stderr }, `runtime ${verb} ended`);
    if (failure === null && exitCode === 0) return ok(undefined);
    if (failure === 'missing') result = fail('runtimeToolMissing', { runtime, tool: call.tool });
    else if (failure === 'timedOut' && verb === 'start')
      return fail('runtimeStartSilent', { runtime, limitSeconds: TOOL_START_MS / 1000 });
    else {
      const detail = lastComplaint(stderr, stdout) || failure || `exit ${exitCode}`;
      result = fail(verb === 'start' ? 'runtimeStartFailed' : 'runtimeStopFailed', { runtime, detail });
      if (!knowsNoSuchVerb(stderr)) return result;
    }
  }
  return result;
}

/** Looks now, and then again until it is so or the limit is over. */
async function seenWithin(
  { clock, scheduler, look }: ChangeNeeds,
  limitMs: number,
  isSo: (seen: Seen) => boolean,
): Promise<boolean> {
  const endMs = clock.monotonicMs() + limitMs;
  for (;;) {
    if (isSo(await look(false))) return true;
    if (clock.monotonicMs() >= endMs) return false;
    await pause(scheduler, LOOK_MS);
  }
}
