import { fail, type Result, type TandemError } from '../../../src-shared/errors/result.ts';
import type { HandoffMessage } from '../../../src-shared/handoff-messages.ts';
import type { Turns } from '../../platform/turns.ts';
import type { LeaverPorts } from '../room-ports.ts';
import type { Effect, LeaverEvent, SendEffect } from './leaver-types.ts';

/** The hands of the leaver: each effect, and the event that tells what became of it. Decides nothing. */
export interface Hands {
  readonly ports: LeaverPorts;
  /** Orders and looks reach the gate in the order in which they were given. */
  readonly gateTurns: Turns;
  nextSeq(): number;
  dispatch(event: LeaverEvent): void;
}

export const LOOK_LIMIT_MS = 2_000;
const ORDER_LIMIT_MS = 3_000;
export const CUT_LIMIT_MS = 5_000;
/** Beyond the stop's own limit, within which it has to force. */
const STOP_SPARE_MS = 30_000;
const START_LIMIT_MS = 600_000;

export function perform(hands: Hands, effect: Effect): void {
  const { ports, dispatch } = hands;
  const { cluster } = ports;
  switch (effect.type) {
    case 'send':
      return sendNow(hands, effect);
    case 'leaveNow':
      return void ports.courier
        .leaveNow(enveloped(hands, effect))
        .catch(() => false)
        .then((acked) => dispatch({ type: 'leftNow', acked }));
    case 'stopCluster':
      return void attempt(hands, () => cluster.stop(effect.limitMs), effect.limitMs + STOP_SPARE_MS).then(
        (result) =>
          dispatch({
            type: 'stopped',
            result: result.ok ? result : stopFailed(result.error, cluster.running()),
          }),
      );
    case 'startCluster':
      return void attempt(hands, () => cluster.start(), START_LIMIT_MS).then((result) =>
        dispatch({ type: 'started', result }),
      );
    case 'note':
      return ports.note(effect.kind, effect.what, effect.evidence);
    case 'report':
      return dispatch({ type: 'reported', id: ports.report(effect.report) });
    case 'greet':
    case 'setGate':
    case 'lookAtGate':
    case 'cut':
      return void hands.gateTurns.inTurn(() => atGate(hands, effect));
  }
}

/** Said in the words of a departure, whatever it was that failed. */
function stopFailed(error: TandemError, name: string | null): Result<never> {
  return error.code === 'stopFailed'
    ? { ok: false, error }
    : fail('stopFailed', { name: name ?? '', code: error.code });
}

type GateEffect = Extract<Effect, { type: 'greet' | 'setGate' | 'lookAtGate' | 'cut' }>;

async function atGate(hands: Hands, effect: GateEffect): Promise<void> {
  const { gate, log } = hands.ports;
  switch (effect.type) {
    case 'setGate': {
      const { why } = effect;
      const done = await attempt(hands, () => gate.setReady(why === null, why), ORDER_LIMIT_MS);
      // A look sees that it is not as it should be, and it is ordered again.
      if (!done.ok) log.warn({ error: done.error, why }, 'the gate did not take an order');
      return;
    }
    case 'lookAtGate': {
      const seen = await attempt(hands, () => gate.state(), LOOK_LIMIT_MS);
      return hands.dispatch({ type: 'gate', turn: effect.turn, gate: seen.ok ? seen.value : null });
    }
    case 'cut': {
      const cut = await attempt(hands, () => gate.cut(), CUT_LIMIT_MS);
      return hands.dispatch({ type: 'cut', cut: cut.ok ? cut.value : [] });
    }
    case 'greet': {
      const [address, seen] = await Promise.all([
        attempt(hands, () => gate.address(), LOOK_LIMIT_MS),
        attempt(hands, () => gate.state(), LOOK_LIMIT_MS),
      ]);
      return hands.dispatch({
        type: 'greeting',
        address: address.ok ? address.value : null,
        gate: seen.ok ? seen.value : null,
      });
    }
  }
}

function sendNow(hands: Hands, effect: SendEffect): void {
  if (!hands.ports.courier.send(enveloped(hands, effect))) hands.dispatch({ type: 'unsent' });
}

function enveloped(hands: Hands, { words, handoffId, epoch }: Omit<SendEffect, 'type'>): HandoffMessage {
  return { ...words, handoffId, epoch, seq: hands.nextSeq() };
}

/** What throws, or takes too long, is a failure like any other. */
function attempt<T>({ ports }: Hands, task: () => Promise<Result<T>>, limitMs: number): Promise<Result<T>> {
  return new Promise((resolve) => {
    const timer = ports.scheduler.after(limitMs, () => resolve(fail('stepTimedOut')));
    const end = (result: Result<T>): void => {
      timer.dispose();
      resolve(result);
    };
    task().then(end, (error: unknown) => {
      ports.log.error({ error: String(error) }, 'a hand of the leaver failed');
      end(fail('internal'));
    });
  });
}
