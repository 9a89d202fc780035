import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Shares } from '../../../src-shared/world/traffic.ts';
import { allOnCore } from '../front-config.ts';
import type { FrontAdapter, FrontConfig, SharesRead } from '../ports.ts';
import {
  beginLife,
  follow,
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
    set: (shares, expectOld) => turns.inTurn(() => set(life, shares, expectOld)),
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

/** What the route says is the truth, also for a passage that is started anew. */
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
  const kept = await keepWanted(life, placed.value);
  if (kept.ok || begun.value === 'adopted') tendEach(life);
  else await giveUp(life);
  return kept.ok ? begun : kept;
}

/** What was begun for nothing is ended, here and in the cluster: the front of before can be had again. */
async function giveUp(life: Life): Promise<void> {
  life.isGivenUp = true;
  life.wanted = null;
  if (life.found !== null) await life.ports.keepBackends(life.found.wish.gateway.namespace, []);
  await life.passage.dispose('stop');
}

/** Without an edge there is nothing to deal to it, whatever the route said before. Nothing else changes a weight here. */
async function keepWanted(life: Life, place: PassagePlace): Promise<Result<void>> {
  const kept = await keepAll(life, place);
  sayState(life, kept.ok ? await problemNow(life, kept.value) : kept.error);
  if (!kept.ok) return kept;
  const { desk, reading } = kept.value;
  if (life.wanted?.edge !== null || reading.shares.edge === 0) return ok(undefined);
  const written = await writeWeights(desk, allOnCore, reading.shares);
  if (written.ok) life.shares = allOnCore;
  return written.ok ? ok(undefined) : written;
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
  return keepWanted(life, placed.value);
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

/**
 * The passage first: a share of 0 holds there at once, and one that rises meets an open way. A conflict leaves the
 * passage as the route says, since nothing was decided.
 */
async function set(life: Life, shares: Shares, expectOld?: Shares): Promise<Result<Shares>> {
  const { wanted, passage } = life;
  if (wanted === null) return unopened();
  if (shares.edge > 0 && wanted.edge === null) return noEdge();
  const told = await passage.set(shares);
  if (!told.ok) return told;
  const desk = await gatewayNow(life);
  if (!desk.ok) return desk;
  const written = await writeWeights(desk.value, shares, expectOld);
  if (written.ok) life.shares = written.value;
  else if (written.error.code === 'weightConflict') {
    const found = await lookAtRoute(desk.value);
    if (found.ok) await follow(life, found.value.reading.shares);
  }
  return written;
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
