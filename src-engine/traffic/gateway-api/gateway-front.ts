import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { saferOf } from '../../../src-shared/world/shares.ts';
import type { Shares } from '../../../src-shared/world/traffic.ts';
import { allOnCore } from '../front-config.ts';
import type { FrontAdapter, FrontConfig, SharesRead } from '../ports.ts';
import {
  beginLife,
  gatewayNow,
  keepAll,
  problemNow,
  removeFrom,
  sayState,
  tendEach,
  type Life,
} from './gateway-life.ts';
import type { GatewayPorts, PassagePlace } from './gateway-ports.ts';
import { passageConfig } from './passage-config.ts';
import { lookAtRoute, writeWeights } from './write-weights.ts';

/**
 * A Gateway of the core's cluster as the front: one HTTPRoute of ours says the shares, by test and set. Both of its
 * backends are this Mac's passage (passage-config.ts), which knows the gate, counts and proves. What the API says of a
 * route is never taken for what requests do: live is what probes and counters saw (live-proof.ts), and a share of 0 holds
 * in the passage from the moment that it is written, however late the gateway is.
 *
 * Errors: `gatewayApiMissing`, `gatewayApiOld`, `gatewayMissing`, `gatewayUnclear`, `routeTaken`, `routeForbidden`,
 * `routeRefused`, `routeGone`, `apiUnreachable`, `podsCannotReach`, `serviceTaken`, `weightConflict {who}`, and those of
 * the embedded front for the passage; `routeEdited {who}` is said by `onState` and costs nothing.
 */
export function gatewayFront(ports: GatewayPorts): FrontAdapter {
  const life = beginLife(ports);
  const { turns, passage } = life;
  return {
    kind: 'gateway-api',
    get dealing() {
      return life.found?.implementation.dealing ?? 'random';
    },
    open: (config, shares) => turns.inTurn(() => open(life, config, shares)),
    reconfigure: (config, shares) => turns.inTurn(() => reconfigure(life, config, shares)),
    read: () => read(life),
    async set(shares, expectOld) {
      // Not in turn: what is under way may wait for an API that says nothing.
      const before = await lowered(life, shares);
      return turns.inTurn(() => set(life, shares, expectOld, before));
    },
    counters: passage.counters,
    // Not in turn: from this moment on nothing goes to the edge, whatever the gateway still deals to it.
    dead: passage.dead,
    revive: () => turns.inTurn(() => revive(life)),
    onState: (listener) => void life.listeners.add(listener),
    pid: () => (life.isGivenUp ? null : passage.pid()),
    async dispose(how) {
      life.isDisposed = true;
      life.timer?.dispose();
      await turns.settled();
      if (how === 'stop') await withdraw(life);
      await passage.dispose(how);
    },
  };
}

const unopened = () => fail('frontDown', { detail: 'it was never opened' });
const noEdge = () => fail('backendInvalid', { address: 'edge' });

/**
 * What the route says is the truth. A passage that is started anew begins with what was given, and a route that says more
 * falls to it: it was written before this Mac began, and nobody has admitted the edge since.
 */
async function open(life: Life, config: FrontConfig, shares: Shares): Promise<Result<'adopted' | 'started'>> {
  // Nothing is begun for a Gateway that is not there; one whose passage carries requests is had as it is.
  const desk = (await life.ports.passageLives()) ? null : await gatewayNow(life);
  if (desk?.ok === false) return desk;
  const placed = await life.ports.place();
  if (!placed.ok) return placed;
  const first = config.edge === null ? allOnCore : shares;
  life.wanted = config;
  life.shares = first;
  const begun = await life.passage.open(
    passageConfig(config, placed.value, life.ports.settings().port),
    first,
  );
  if (!begun.ok) return begun;
  const kept = await keepWanted(life, placed.value, begun.value === 'started' ? first : null);
  if (kept.ok || begun.value === 'adopted') tendEach(life);
  else await giveUp(life);
  return kept.ok ? begun : kept;
}

/** What was begun for nothing is ended, here and in the cluster: the front of before can be had again. */
async function giveUp(life: Life): Promise<void> {
  life.isGivenUp = true;
  life.wanted = null;
  const desk = await gatewayNow(life);
  const found = desk.ok ? await lookAtRoute(desk.value) : desk;
  // A route of ours, of an earlier life, still names them.
  if (desk.ok && !found.ok && ['routeGone', 'routeTaken'].includes(found.error.code))
    await life.ports.keepBackends(desk.value.wish.gateway.namespace, []);
  await life.passage.dispose('stop');
}

/**
 * Without an edge there is nothing to deal to it, whatever the route said before.
 *
 * @param most what the route may say at most; null: whatever it says
 */
async function keepWanted(life: Life, place: PassagePlace, most: Shares | null): Promise<Result<void>> {
  const kept = await keepAll(life, place);
  sayState(life, kept.ok ? await problemNow(life, kept.value) : kept.error);
  if (!kept.ok) return kept;
  const { desk, reading } = kept.value;
  const limit = life.wanted?.edge === null ? allOnCore : (most ?? reading.shares);
  if (reading.shares.edge <= limit.edge) return ok(undefined);
  const written = await writeWeights(desk, limit, reading.shares);
  if (!written.ok) return written;
  life.shares = written.value;
  life.ports.note('the edge’s share in the route was taken back to what it had been given', {
    found: reading.shares,
    who: reading.who,
    shares: written.value,
  });
  return ok(undefined);
}

async function reconfigure(life: Life, config: FrontConfig, shares: Shares): Promise<Result<void>> {
  if (life.wanted === null) return unopened();
  const placed = await life.ports.place();
  if (!placed.ok) return placed;
  const told = await life.passage.reconfigure(
    passageConfig(config, placed.value, life.ports.settings().port),
    config.edge === null ? allOnCore : shares,
  );
  if (!told.ok) return told;
  life.wanted = config;
  return keepWanted(life, placed.value, null);
}

async function read(life: Life): Promise<Result<SharesRead>> {
  if (life.wanted === null) return unopened();
  const desk = await gatewayNow(life);
  if (!desk.ok) return desk;
  const found = await lookAtRoute(desk.value);
  if (!found.ok) return found;
  const { shares, who } = found.value.reading;
  return ok(who === null ? shares : { ...shares, who });
}

/** A share that falls holds in the passage at once. What it dealt before; null: it does not say. */
async function lowered({ wanted, passage }: Life, shares: Shares): Promise<Shares | null> {
  const dealt = wanted === null ? null : await passage.read();
  if (dealt?.ok !== true) return null;
  if (shares.edge < dealt.value.edge) await passage.set(shares);
  return dealt.value;
}

/** The passage first: one that rises meets an open way. */
async function set(
  life: Life,
  shares: Shares,
  expectOld: Shares | undefined,
  before: Shares | null,
): Promise<Result<Shares>> {
  const { wanted, passage } = life;
  if (wanted === null) return unopened();
  if (shares.edge > 0 && wanted.edge === null) return noEdge();
  const dealt = await passage.read();
  if (!dealt.ok || dealt.value.edge !== shares.edge) {
    const told = await passage.set(shares);
    if (!told.ok) return told;
  }
  const desk = await gatewayNow(life);
  const written = desk.ok ? await writeWeights(desk.value, shares, expectOld) : desk;
  if (written.ok) life.shares = written.value;
  else if (before !== null) await takeBack(life, shares, before, written.error.code);
  return written;
}

/** What was not written is not dealt. A fall that the API did not take stays: it is the safe side, and tried again. */
async function takeBack(life: Life, shares: Shares, before: Shares, why: string): Promise<void> {
  if (why === 'weightConflict') {
    // Nothing was decided: as it was, or as the route says where that is less.
    const found = await read(life);
    const { core, edge } = found.ok ? saferOf(before, found.value) : shares;
    await life.passage.set({ core, edge });
  } else if (shares.edge > before.edge) await life.passage.set(before);
}

/** At weight 0, in the route as well, before the passage opens its way again. */
async function revive(life: Life): Promise<Result<void>> {
  if (life.wanted === null) return unopened();
  if (life.wanted.edge === null) return noEdge();
  const desk = await gatewayNow(life);
  if (!desk.ok) return desk;
  const written = await writeWeights(desk.value, allOnCore);
  if (!written.ok) return written;
  life.shares = allOnCore;
  return life.passage.revive();
}

/** Nothing of ours stays in the cluster; what cannot be reached now is named. */
async function withdraw(life: Life): Promise<void> {
  const { ports } = life;
  const desk = await gatewayNow(life);
  const done = desk.ok ? await removeFrom(life, desk.value) : desk;
  if (done.ok) return;
  ports.log.warn({ problem: done.error }, 'front: its route and Services stay in the cluster');
  ports.note(`the route and the Services of the front stay in the cluster: ${done.error.code}`, {
    problem: done.error,
  });
}
