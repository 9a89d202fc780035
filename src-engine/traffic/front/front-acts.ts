import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Acts } from './control.ts';
import { frontDocumentSchema, weightsSchema, type FrontDocument, type FrontState } from './documents.ts';
import type { Front } from './front.ts';
import { openPlace, placeIn, sharesPort, type OpenPlace } from './place.ts';
import type { SideState } from './sides.ts';

/** A running front: its state, and the listener that is open now. */
export interface Running {
  readonly front: Front;
  listener: OpenPlace;
}

/** What may be asked of a running front on its control socket. */
export function actsOf(running: Running, stop: () => void): Acts {
  const { front } = running;
  const state = (): Result<FrontState> => ok(stateOf(front));
  return {
    'GET /state': state,
    'POST /weights': (body) =>
      parsed(weightsSchema, body, ({ shares }) => {
        front.setShares(shares);
        return state();
      }),
    'POST /config': (body) =>
      parsed(frontDocumentSchema, body, async (next) => {
        const done = await reconfigure(running, next);
        return done.ok ? state() : done;
      }),
    'POST /dead': () => ok(front.dead()),
    'POST /revive': () => withKeys(() => front.revive(), state),
    'POST /stop': () => {
      setImmediate(stop);
      return state();
    },
  };
}

function parsed<T>(
  schema: z.ZodType<T>,
  body: unknown,
  act: (value: T) => Result<FrontState> | Promise<Result<FrontState>>,
): Result<FrontState> | Promise<Result<FrontState>> {
  const read = schema.safeParse(body);
  return read.success ? act(read.data) : fail('badRequest', { detail: read.error.issues[0]?.message ?? '' });
}

/** The keys are read when the edge gets another address or comes back. */
function withKeys<T>(act: () => void, answer: () => Result<T>): Result<T> {
  try {
    act();
  } catch (error) {
    return fail('identityUnreadable', { detail: String(error) });
  }
  return answer();
}

/** Nothing is lost where the port stays: the listener is not touched. Else the new one is open before the old one closes. */
async function reconfigure(running: Running, next: FrontDocument): Promise<Result<void>> {
  const { front } = running;
  const old = running.listener;
  if (isDeepStrictEqual(old.place, placeIn(next.config)))
    return withKeys(
      () => front.configure(next),
      () => ok(undefined),
    );
  const opened = await openBeside(running, next);
  if (!opened.ok) return opened;
  const done = withKeys(
    () => front.configure(next),
    () => ok(undefined),
  );
  // `openBeside` may have had to close the old one; then the new one is all there is.
  if (!done.ok && running.listener === old) opened.value.close();
  else {
    if (running.listener === old) old.close();
    running.listener = opened.value;
  }
  return done;
}

/** On the same port another address cannot be opened while the old one stands: for that moment nobody listens. */
async function openBeside(running: Running, next: FrontDocument): Promise<Result<OpenPlace>> {
  const { front, listener: old } = running;
  const opened = await openPlace(front, next.config);
  if (opened.ok || !sharesPort(old.place, placeIn(next.config))) return opened;
  old.close();
  const second = await openPlace(front, next.config);
  const again = second.ok ? second : await openPlace(front, old.place);
  if (again.ok) running.listener = again.value;
  return second;
}

export function stateOf(front: Front): FrontState {
  const { config, dead } = front.document();
  return {
    generation: front.generation,
    pid: process.pid,
    config,
    shares: front.shares(),
    dead,
    core: sideOf(front.sides.core),
    edge: sideOf(front.sides.edge),
  };
}

const sideOf = ({ requests, failures, retried, traffic, up }: SideState): FrontState['core'] => ({
  requests,
  failures,
  retried,
  inFlight: traffic,
  up,
});
