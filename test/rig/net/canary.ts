import { Worker } from 'node:worker_threads';
import { nowMs } from './wire.ts';

/** Above this a timed run says nothing about the product (design decision 17). */
const STALL_MS = 100;
const ATTEMPTS = 4;
const TICK_MS = 10;

/** How often timed runs were repeated; shown with each repetition. */
let repeated = 0;

/**
 * Runs something timed; when this machine stood still for over 100 ms meanwhile, runs it again.
 * @param pair is settled before each attempt, outside of the measured time
 */
export async function timed<T>(
  name: string,
  pair: { settle(): Promise<void> },
  run: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    await pair.settle();
    const canary = startCanary();
    const outcome = await outcomeOf(run());
    const stallMs = await canary.stop();
    if (stallMs <= STALL_MS || attempt === ATTEMPTS) return unwrap(outcome);
    repeated += 1;
    process.stdout.write(
      `rig: "${name}" is run again: this machine stood still for ${stallMs.toFixed(0)} ms (repetition ${repeated})\n`,
    );
  }
}

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

async function outcomeOf<T>(promise: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await promise };
  } catch (error) {
    return { ok: false, error };
  }
}

function unwrap<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw outcome.error;
  return outcome.value;
}

const WATCHER = `
  const { parentPort, workerData } = require('node:worker_threads');
  let last = performance.now(), worst = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - last - workerData);
    last = now;
  }, workerData);
  parentPort.once('message', () => {
    clearInterval(timer);
    parentPort.postMessage(worst);
  });
  parentPort.postMessage('up');
`;

/** Measures the longest stall of a thread of its own, and of this one, which takes the times. */
function startCanary(): { stop(): Promise<number> } {
  const worker = new Worker(WATCHER, { eval: true, workerData: TICK_MS });
  worker.unref();
  let last = nowMs();
  let worstHere = 0;
  const timer = setInterval(() => {
    const now = nowMs();
    worstHere = Math.max(worstHere, now - last - TICK_MS);
    last = now;
  }, TICK_MS);
  const up = new Promise((resolve) => worker.once('message', resolve));
  return {
    async stop() {
      clearInterval(timer);
      await up;
      const told = new Promise<number>((resolve) => worker.once('message', resolve));
      worker.postMessage('stop');
      const worstThere = await told;
      await worker.terminate();
      return Math.max(worstHere, worstThere);
    },
  };
}
