import { ask, closeClients, openClients } from './ask.ts';
import type { ClientRecord } from './ledger.ts';
import { nowMs } from './now.ts';
import { dueBy, kindOf, type LoadPlan } from './plan.ts';
import { keepStream } from './stream.ts';

/** A load that is under way. */
export interface Load {
  /** Begun and not answered yet, streams aside. */
  inFlight(): number;
  /** No new request from now on; resolves when all that was begun has ended. */
  end(): Promise<void>;
}

/** The clock that begins requests; finer than a request's distance at 200/s. */
const TICK_MS = 2;

/**
 * An open loop: each request begins on time, whether or not those before it were answered.
 *
 * @param run goes into each id, so that the ids of two loads never meet
 * @param tell hears of each request when it has ended, and of each stream that was cut
 */
export function startLoad(plan: LoadPlan, run: string, tell: (record: ClientRecord) => void): Load {
  const clients = openClients(plan);
  const streams = Array.from({ length: plan.streams }, (_none, index) =>
    keepStream(plan.url, `${run}-s${index}`, tell),
  );
  const beganMs = nowMs();
  const open = new Set<Promise<void>>();
  let begun = 0;
  const timer = setInterval(() => {
    for (let due = dueBy(nowMs() - beganMs, plan.perSecond, begun); due > 0; due -= 1) {
      const one = ask(clients, `${run}-${begun}`, kindOf(begun)).then((record) => {
        open.delete(one);
        tell(record);
      });
      open.add(one);
      begun += 1;
    }
  }, TICK_MS);
  return {
    inFlight: () => open.size,
    async end() {
      clearInterval(timer);
      await Promise.all(open);
      for (const stream of streams) stream.close();
      closeClients(clients);
    },
  };
}
