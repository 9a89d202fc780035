import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Shares } from '../../../src-shared/world/traffic.ts';
import { apiError } from './api-words.ts';
import { placeText } from './choose-gateway.ts';
import type { Route } from './gateway-objects.ts';
import type { GatewayHands } from './gateway-ports.ts';
import {
  isOurs,
  placeOfRoute,
  readRoute,
  renewSteps,
  routeBody,
  weightSteps,
  type RouteReading,
  type RouteWish,
} from './route.ts';

/** Where our route is, and through whom. */
export interface Desk {
  readonly hands: GatewayHands;
  readonly wish: RouteWish;
  readonly clusterName: string;
}

export interface RouteLook {
  readonly route: Route;
  readonly reading: RouteReading;
}

/** Somebody who writes as often as we do is not raced for longer. */
const TRIES = 3;

/** Errors: those of `apiError`; `routeTaken {route, who}`: one of that name is somebody else's, and stays so. */
export async function lookAtRoute({ hands, wish, clusterName }: Desk): Promise<Result<RouteLook>> {
  const place = placeOfRoute(wish);
  const found = await hands.route(place);
  if (!found.ok) return apiError(found, clusterName, place);
  const reading = readRoute(found.value, wish);
  if (isOurs(found.value)) return ok({ route: found.value, reading });
  return fail('routeTaken', { route: placeText(place), who: reading.who ?? 'unknown' });
}

/**
 * Makes the route be there as it is wanted, with the weights that it has; one that is not there with these.
 *
 * @returns what it is then; one that was edited by somebody else is left as it is, and says so
 */
export async function keepRoute(desk: Desk, shares: Shares): Promise<Result<RouteLook & { made: boolean }>> {
  const { hands, wish, clusterName } = desk;
  const place = placeOfRoute(wish);
  let found = await lookAtRoute(desk);
  if (!found.ok && found.error.code === 'routeGone') {
    const made = await hands.createRoute(place, routeBody(wish, shares));
    if (made.ok) return ok({ route: made.value, reading: readRoute(made.value, wish), made: true });
    // A namespace that is not there is answered as a route that is not.
    if (made.why !== 'changed') return apiError(made, clusterName, place);
    found = await lookAtRoute(desk);
  }
  if (!found.ok) return found;
  const { route, reading } = found.value;
  if (reading.standing !== 'outdated') return ok({ ...found.value, made: false });
  const renewed = await hands.patchRoute(place, renewSteps(route, wish, reading.weights ?? reading.shares));
  if (renewed.ok) return ok({ route: renewed.value, reading: readRoute(renewed.value, wish), made: false });
  return apiError(renewed, clusterName, place);
}

/**
 * Writes the weights by test and set, never by force.
 *
 * @param expectOld what was read when this was decided; absent: whatever stands there, as long as the route is ours
 *   (the weight 0 of a dead edge)
 * @returns `weightConflict {expected, found, who}` when it is not that any more, or the route deals to others
 */
export async function writeWeights(desk: Desk, shares: Shares, expectOld?: Shares): Promise<Result<Shares>> {
  const { hands, wish, clusterName } = desk;
  const place = placeOfRoute(wish);
  let refusal: Result<Shares> = fail('apiUnreachable', { name: clusterName });
  for (let tried = 0; tried < TRIES; tried += 1) {
    const found = await lookAtRoute(desk);
    if (!found.ok) return found;
    const { reading } = found.value;
    if (isSame(reading.shares, shares) && reading.weights !== null) return ok(reading.shares);
    if (reading.weights === null || (expectOld !== undefined && !isSame(reading.shares, expectOld)))
      return conflict(reading, expectOld ?? shares);
    const written = await hands.patchRoute(place, weightSteps(reading.weights, shares));
    if (written.ok) return confirmed(readRoute(written.value, wish), shares);
    refusal = apiError(written, clusterName, place);
    // Somebody was quicker, or the API refuses it whoever writes: what stands there now says which.
    if (written.why !== 'changed' && written.why !== 'refused') return refusal;
  }
  return refusal;
}

function confirmed(reading: RouteReading, shares: Shares): Result<Shares> {
  return isSame(reading.shares, shares) ? ok(reading.shares) : conflict(reading, shares);
}

function conflict({ shares, who }: RouteReading, expected: Shares): Result<never> {
  const named = who === null ? { who: 'unknown' } : { who, why: 'named' };
  return fail('weightConflict', { expected: expected.edge, found: shares.edge, ...named });
}

/** Weights of others may stand for parts of a percent. */
const isSame = (one: Shares, other: Shares): boolean => Math.round(one.edge) === Math.round(other.edge);
