import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import { apiError } from './api-words.ts';
import { chooseGateway } from './choose-gateway.ts';
import type { Answer, GatewayHands, GatewaySettings } from './gateway-ports.ts';
import { implementationOf, timeoutsFor, type Implementation } from './implementations.ts';
import { ROUTE_NAME, type RouteWish } from './route.ts';

/** The only version that is written: what a route says is the same in it since Gateway API 1.0. */
const VERSION = 'v1';

export interface FoundGateway {
  readonly implementation: Implementation;
  readonly wish: RouteWish;
}

/**
 * What the cluster has of the Gateway API, and what our route is to be there.
 *
 * @returns `gatewayApiMissing`, `gatewayApiOld {versions}`, `gatewayMissing`, `gatewayUnclear`, and those of `apiError`
 */
export async function findGateway(
  hands: GatewayHands,
  settings: GatewaySettings,
  clusterName: string,
): Promise<Result<FoundGateway>> {
  const refused = (answer: Extract<Answer<unknown>, { ok: false }>, namespace: string): Result<never> =>
    apiError(answer, clusterName, { namespace, name: ROUTE_NAME });
  const versions = await hands.versions();
  if (!versions.ok) return refused(versions, '-');
  const isOld = versions.value.length > 0 && !versions.value.includes(VERSION);
  if (isOld) return fail('gatewayApiOld', { versions: versions.value.join(', ') });
  const kinds: Answer<readonly string[]> =
    versions.value.length === 0 ? { ok: true, value: [] } : await hands.kinds(VERSION);
  if (!kinds.ok) return refused(kinds, '-');
  const isWhole = ['gatewayclasses', 'gateways', 'httproutes'].every((kind) => kinds.value.includes(kind));
  if (!isWhole) return fail('gatewayApiMissing', { name: clusterName });
  const gateways = await hands.gateways();
  if (!gateways.ok) return refused(gateways, '-');
  const chosen = chooseGateway(gateways.value, settings.name);
  if (!chosen.ok) return chosen;
  const { place, className } = chosen.value;
  const found = await hands.gatewayClass(className);
  if (!found.ok && found.why !== 'absent') return refused(found, place.namespace);
  // A Gateway of a class that is not there is nobody's.
  if (!found.ok) return fail('gatewayMissing', { gateway: `GatewayClass ${className}` });
  const features = found.value.status?.supportedFeatures ?? [];
  return ok({
    implementation: implementationOf(found.value.spec.controllerName),
    wish: {
      gateway: place,
      hostname: settings.hostname,
      timeouts: timeoutsFor(features, settings.timeoutSeconds),
    },
  });
}
