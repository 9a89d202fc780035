import { fail, ok, type Result, type TandemError } from '../../../src-shared/errors/result.ts';
import type { Pairing } from '../../../src-shared/world/peer.ts';
import { formatHostPort, parseHostPort } from './host-port.ts';
import { createLockKeeper, type LockKeeper } from './lock-keeper.ts';
import type { PairingPorts } from './pairing-ports.ts';
import { PairingRunner } from './pairing-runner.ts';
import { isBusy, type PairingEvent } from './pairing-state.ts';

type Begin = Extract<PairingEvent, { type: 'open' | 'dial' }>;

/** The verbs of pairing. Each returns at once; the course is what `publish` tells. */
export interface PairingRoom {
  /** `pair.open`: `pairingLocked {minutes}`, `pairingBusy`, or why this Mac cannot listen. An open window stays as it is. */
  open(): Promise<Result<Pairing>>;
  /** `pair.dial`: `addressInvalid {address}`, `noNetwork`, `pairingLocked {minutes}`, `pairingBusy`. Closes the own window. */
  dial(host: string): Promise<Result<Pairing>>;
  /** `pair.answer`: `nothingToAnswer`. */
  answer(same: boolean): Result<Pairing>;
  /** `pair.cancel`: nothing to cancel is no error; too late once both said yes. */
  cancel(): Result<Record<string, never>>;
  /** Ends what is under way with an error of this Mac's own, as when its network changed. */
  interrupt(error: TandemError): void;
  dispose(): Promise<void>;
}

export function createPairing(ports: PairingPorts): PairingRoom {
  const lock = createLockKeeper(ports.lockFile, ports.clock);
  const runner = new PairingRunner(ports, lock);
  const begin = oneAtATime(runner, lock);
  return {
    open: () => begin(() => windowEvent(ports)),
    async dial(text) {
      const target = parseHostPort(text);
      return target.ok ? begin(() => dialEvent(ports, target.value)) : target;
    },
    answer(same) {
      runner.dispatch({ type: 'time' });
      const { state } = runner;
      if (state.stage !== 'compare' || state.mine) return fail('nothingToAnswer');
      runner.dispatch({ type: 'answer', same });
      return shownBy(runner);
    },
    cancel() {
      runner.dispatch({ type: 'cancel' });
      return ok({});
    },
    interrupt: (error) => runner.dispatch({ type: 'interrupt', error }),
    async dispose() {
      runner.dispose();
      await lock.settled();
    },
  };
}

/** One beginning at a time, and none while the lock stands. */
function oneAtATime(runner: PairingRunner, lock: LockKeeper) {
  let beginning = false;
  return async (prepare: () => Promise<Result<Begin>>): Promise<Result<Pairing>> => {
    runner.dispatch({ type: 'time' });
    if (beginning || isBusy(runner.state)) return fail('pairingBusy');
    beginning = true;
    try {
      const may = await lock.mayPair();
      if (!may.ok) return may;
      const event = await prepare();
      if (!event.ok) return event;
      return runner.begin(event.value) ? shownBy(runner) : fail('pairingBusy');
    } finally {
      beginning = false;
    }
  };
}

function shownBy(runner: PairingRunner): Result<Pairing> {
  const pairing = runner.shown();
  return pairing ? ok(pairing) : fail('pairingNotOpen');
}

async function windowEvent(ports: PairingPorts): Promise<Result<Begin>> {
  const listening = await ports.ensureListening();
  if (!listening.ok) return listening;
  const { address, port } = listening.value;
  return ok({ type: 'open', listening: formatHostPort({ host: address, port }) });
}

/** A dial of the own address has to find the own key there, so it listens too. A port that is taken hinders no dial. */
async function dialEvent(
  ports: PairingPorts,
  target: { readonly host: string; readonly port: number },
): Promise<Result<Begin>> {
  const listening = await ports.ensureListening();
  if (!listening.ok && listening.error.code === 'noNetwork') return listening;
  return ok({ type: 'dial', ...target });
}
