import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Shares } from '../../../src-shared/world/traffic.ts';
import type { ProbeOutcome, TrafficSwitch } from '../ports.ts';
import type { Act, Did, WriteAct } from './keeper-types.ts';
import { CHECK_PROBES, sameShares } from './limits.ts';
import { conflictOf } from './moves.ts';

/** What the reducer wants of the front, asked of the switch. Each can be asked twice and does no more than once. */

/** Acts that change the front wait for each other; looking does not hinder them (a loss waits for no proof). */
export function changesFront(act: Act): boolean {
  return act.do === 'write' || act.do === 'dead' || act.do === 'revive';
}

/** What the switch throws is a bug of an adapter: unknown, like a front that does not answer. */
export async function doAct(traffic: TrafficSwitch, act: Act): Promise<Did> {
  try {
    return await ask(traffic, act);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { do: act.do, result: fail('internal', { detail }) };
  }
}

async function ask(traffic: TrafficSwitch, act: Act): Promise<Did> {
  switch (act.do) {
    case 'read':
      return { do: 'read', result: await traffic.read() };
    case 'counters':
      return { do: 'counters', result: await traffic.counters() };
    case 'check':
      return { do: 'check', result: ok(await traffic.probe('core', CHECK_PROBES)) };
    case 'checkEdge':
      return { do: 'checkEdge', result: ok(await checkEdge(traffic)) };
    case 'pairs': {
      const [core, edge] = await Promise.all([
        traffic.probe('core', act.count),
        traffic.probe('edge', act.count),
      ]);
      return { do: 'pairs', result: ok({ core, edge }) };
    }
    case 'write':
      return { do: 'write', result: await write(traffic, act) };
    case 'verify':
      return { do: 'verify', result: await traffic.verifyLive(act.oldShares, act.limitMs) };
    case 'dead':
      return { do: 'dead', result: await traffic.dead() };
    case 'revive':
      return { do: 'revive', result: await traffic.revive() };
  }
}

/** One that has nothing to serve asks all the same: two probes say no as well as twenty. The first may have been cold. */
async function checkEdge(traffic: TrafficSwitch): Promise<ProbeOutcome> {
  let first = await traffic.probe('edge', 1);
  if (first.ok === 0) first = await traffic.probe('edge', 1);
  return first.ok === 0 ? first : traffic.probe('edge', CHECK_PROBES);
}

async function write(traffic: TrafficSwitch, act: WriteAct): Promise<Result<Shares>> {
  const live = await traffic.read();
  if (!live.ok) return live;
  switch (planWrite(live.value, act)) {
    case 'keep':
      return live;
    case 'conflict':
      return { ok: false, error: conflictOf(live.value) };
    case 'write':
      return traffic.set(act.target, live.value);
  }
}

/**
 * What a write may do to the live weights. Ones that are not ours are a conflict; a lower share of the edge than is
 * wanted stays, unless a return has passed its window: weights fall by themselves, and rise only then.
 */
export function planWrite(live: Shares, act: WriteAct): 'keep' | 'conflict' | 'write' {
  const isThere = sameShares(live, act.target);
  if (isThere) return act.again ? 'write' : 'keep';
  if (act.force && act.target.edge === 0) return 'write';
  if (!act.ours.some((shares) => sameShares(shares, live))) return 'conflict';
  return act.target.edge > live.edge && !act.mayRaise ? 'keep' : 'write';
}
