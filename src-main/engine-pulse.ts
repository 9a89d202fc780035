import { pause, type Scheduler } from '../src-engine/platform/clock.ts';
import type { EngineClient } from '../src-engine/platform/engine-client.ts';

const PING_EVERY_MS = 5000;
const ANSWER_LIMIT_MS = 5000;

/** True when the engine answers within five seconds. An open door alone proves nothing: the kernel opens it. */
export async function answers(client: EngineClient, scheduler: Scheduler): Promise<boolean> {
  const answered = new AbortController();
  const answer = client.call('engine.info', {}).then(({ ok }) => ok);
  const late = waitTwice(scheduler, answered.signal).then(() => false);
  const first = await Promise.race([answer, late]);
  answered.abort();
  return first;
}

/** In two halves: after a sleep of the computer the timer that was under way is over before the answer is read. */
async function waitTwice(scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  await pause(scheduler, ANSWER_LIMIT_MS / 2, signal);
  await pause(scheduler, ANSWER_LIMIT_MS / 2, signal);
}

/** Asks again and again; resolves with why the connection is over: it was closed, or the engine fell silent. */
export async function feelPulse(client: EngineClient, scheduler: Scheduler): Promise<'closed' | 'silent'> {
  const over = new AbortController();
  void client.closed.then(() => over.abort());
  for (;;) {
    await pause(scheduler, PING_EVERY_MS, over.signal);
    if (over.signal.aborted) return 'closed';
    // A connection that closes answers every call with a failure.
    if (await answers(client, scheduler)) continue;
    return over.signal.aborted ? 'closed' : 'silent';
  }
}
