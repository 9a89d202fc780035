import { isDeepStrictEqual } from 'node:util';
import { ok, type Result, type TandemError } from '../../../src-shared/errors/result.ts';
import { saferOf } from '../../../src-shared/world/shares.ts';
import type { Problem, Shares } from '../../../src-shared/world/traffic.ts';
import type { Disposable } from '../../platform/clock.ts';
import { createTurns, type Turns } from '../../platform/turns.ts';
import { textOf } from '../addresses.ts';
import { allOnCore } from '../front-config.ts';
import type { FrontAdapter, FrontConfig } from '../ports.ts';
import { apiError, refusalIn } from './api-words.ts';
import { placeText } from './choose-gateway.ts';
import { findGateway, type FoundGateway } from './find-gateway.ts';
import type { GatewayPorts, GatewaySettings, PassagePlace } from './gateway-ports.ts';
import { backendsAt, passageConfig } from './passage-config.ts';
import { placeOfRoute } from './route.ts';
import { keepRoute, lookAtRoute, type Desk, type RouteLook } from './write-weights.ts';

/** Somebody may change or delete what is ours: it is looked at this often (as LAN mode looks at its own). */
const TEND_MS = 5000;

type FrontState = Parameters<Parameters<FrontAdapter['onState']>[0]>[0];

/** One Gateway front of this home: its passage, and its objects in the cluster. */
export interface Life {
  readonly ports: GatewayPorts;
  readonly passage: FrontAdapter;
  /** Whatever writes: one after another. */
  readonly turns: Turns;
  readonly listeners: Set<(state: FrontState) => void>;
  /** Null before the first `open`. */
  wanted: FrontConfig | null;
  /** What the route said last, or less: one that is gone is made again with these. */
  shares: Shares;
  /** Null until the cluster was asked. */
  found: FoundGateway | null;
  /** By which what stands was made. */
  settings: GatewaySettings | null;
  passageState: FrontState;
  /** Of the route; null: none. */
  problem: Problem | null;
  told: string;
  timer: Disposable | null;
  isTending: boolean;
  /** It could not begin, and its passage was ended. */
  isGivenUp: boolean;
  isDisposed: boolean;
}

export interface Kept extends RouteLook {
  readonly desk: Desk;
}

export function beginLife(ports: GatewayPorts): Life {
  const { passage } = ports;
  const life: Life = {
    ports,
    passage,
    turns: createTurns(),
    listeners: new Set(),
    wanted: null,
    shares: allOnCore,
    found: null,
    settings: null,
    passageState: { up: false, problem: null },
    problem: null,
    told: '',
    timer: null,
    isTending: false,
    isGivenUp: false,
    isDisposed: false,
  };
  passage.onState((state) => {
    life.passageState = state;
    announce(life);
  });
  return life;
}

/** @param error null: all is as it is wanted */
export function sayState(life: Life, error: TandemError | null): void {
  life.problem = error === null ? null : { code: error.code, params: { ...error.params } };
  announce(life);
}

/** Once per change; a problem that lasts is said again with each look, since who listens may have begun since. */
function announce(life: Life): void {
  const { up, problem } = life.passageState;
  const state = { up, problem: problem ?? life.problem };
  const text = JSON.stringify(state);
  if (life.isDisposed || (text === life.told && state.problem === null)) return;
  life.told = text;
  for (const listener of life.listeners) listener(state);
}

/** What is to be said of a route that is there: what keeps requests from it, or us from proving anything by them. */
export async function problemNow(
  { ports, wanted }: Life,
  { desk, route, reading }: Kept,
): Promise<Problem | null> {
  if (reading.standing === 'edited') {
    const params = { route: placeText(placeOfRoute(desk.wish)), who: reading.who ?? 'unknown' };
    return { code: 'routeEdited', params };
  }
  const refusal = refusalIn(route);
  if (refusal !== null || wanted === null || (await ports.answers(wanted.listen))) return refusal;
  return { code: 'gatewaySilent', params: { listen: textOf(wanted.listen) } };
}

/** The cluster's API, and what was found there; it is asked only when nothing was found yet. */
export async function gatewayNow(life: Life): Promise<Result<Desk>> {
  const { ports } = life;
  const hands = await ports.hands();
  if (!hands.ok) return hands;
  const clusterName = ports.clusterName();
  if (life.found === null) {
    const settings = ports.settings();
    const found = await findGateway(hands.value, settings, clusterName);
    if (!found.ok) return found;
    life.found = found.value;
    life.settings = settings;
  }
  return ok({ hands: hands.value, wish: life.found.wish, clusterName });
}

/** Looks for the Gateway anew, and makes everything of ours what it should be. The passage then falls with the route. */
export async function keepAll(life: Life, place: PassagePlace): Promise<Result<Kept>> {
  const before = life.found;
  life.found = null;
  const desk = await gatewayNow(life);
  if (!desk.ok) {
    life.found = before;
    return desk;
  }
  const { wish } = desk.value;
  if (before !== null && before.wish.gateway.namespace !== wish.gateway.namespace) {
    const removed = await removeFrom(life, { ...desk.value, wish: before.wish });
    if (!removed.ok) {
      // It is tried again with the next look: nobody else would remove it.
      Object.assign(life, { found: before, settings: null });
      return removed;
    }
  }
  return keepObjects(life, desk.value, place);
}

async function keepObjects(life: Life, desk: Desk, place: PassagePlace): Promise<Result<Kept>> {
  const { ports } = life;
  // Before the route that names them: a backend that is missing is answered with 500.
  const backends = backendsAt(place, ports.settings().port);
  const told = await ports.keepBackends(desk.wish.gateway.namespace, backends);
  if (!told.ok) return told;
  const kept = await keepRoute(desk, life.wanted?.edge === null ? allOnCore : life.shares);
  if (!kept.ok) return kept;
  const { route, reading, made } = kept.value;
  if (made)
    ports.note(`the route ${placeText(placeOfRoute(desk.wish))} was made`, {
      implementation: life.found?.implementation.name ?? null,
      shares: reading.shares,
    });
  await fallWith(life, reading.shares);
  return ok({ desk, route, reading });
}

/**
 * The passage deals no more to the edge than the route does. It never rises by itself: a route that says more may be what
 * a write that failed has left, or what somebody made of it, and it is for the keeper to decide what becomes of that.
 */
async function fallWith(life: Life, shares: Shares): Promise<void> {
  const dealt = await life.passage.read();
  life.shares = dealt.ok ? saferOf(dealt.value, shares) : shares;
  if (dealt.ok && shares.edge < dealt.value.edge) await life.passage.set(shares);
}

/** The route is gone afterwards, and the Services with it; who else has one of that name keeps it. */
export async function removeFrom({ ports }: Life, desk: Desk): Promise<Result<void>> {
  const place = placeOfRoute(desk.wish);
  const found = await lookAtRoute(desk);
  if (!found.ok && found.error.code !== 'routeGone' && found.error.code !== 'routeTaken') return found;
  if (found.ok) {
    const removed = await desk.hands.removeRoute(place, found.value.route.metadata.uid);
    // Its Services stay with it: a route without them answers 500.
    if (!removed.ok && removed.why !== 'absent') return apiError(removed, desk.clusterName, place);
    ports.note(`the route ${placeText(place)} was removed`, { ...place });
  }
  return ports.keepBackends(place.namespace, []);
}

/** From now on, until it is disposed of. */
export function tendEach(life: Life): void {
  life.timer ??= life.ports.scheduler.every(TEND_MS, () => {
    if (life.isTending) return;
    life.isTending = true;
    void life.turns
      .inTurn(() => tend(life))
      .catch((error: unknown) => life.ports.log.error({ error: String(error) }, 'front: not tended'))
      .finally(() => void (life.isTending = false));
  });
}

async function tend(life: Life): Promise<void> {
  if (life.isDisposed || life.wanted === null) return;
  const placed = await life.ports.place();
  if (!placed.ok) return sayState(life, placed.error);
  const kept = await lookAgain(life, life.wanted, placed.value);
  sayState(life, kept.ok ? await problemNow(life, kept.value) : kept.error);
}

/** What stands as it should costs three questions; only what does not is looked into. */
async function lookAgain(life: Life, wanted: FrontConfig, place: PassagePlace): Promise<Result<Kept>> {
  const { ports, passage } = life;
  const settings = ports.settings();
  if (!isDeepStrictEqual(settings, life.settings)) {
    const dealt = await passage.read();
    const shares = dealt.ok ? dealt.value : allOnCore;
    const told = await passage.reconfigure(passageConfig(wanted, place, settings.port), shares);
    return told.ok ? keepAll(life, place) : told;
  }
  const desk = await gatewayNow(life);
  if (!desk.ok) return desk;
  const kept = await keepObjects(life, desk.value, place);
  // An API that does not answer is not asked more; whatever else is wrong may be the Gateway's.
  return kept.ok || kept.error.code === 'apiUnreachable' ? kept : keepAll(life, place);
}
