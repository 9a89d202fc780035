import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Gateway } from './gateway-objects.ts';
import type { ObjectPlace } from './gateway-ports.ts';

export interface ChosenGateway {
  readonly place: ObjectPlace;
  readonly className: string;
}

/** As people write it. */
export const placeText = ({ namespace, name }: ObjectPlace): string => `${namespace}/${name}`;

/**
 * The Gateway that the route goes to.
 *
 * @param wanted `traffic.gateway.name`: `NAME`, `NAMESPACE/NAME`, or empty for the only one
 * @returns `gatewayMissing {gateway}`, `gatewayUnclear {count, gateways}`
 */
export function chooseGateway(gateways: readonly Gateway[], wanted: string): Result<ChosenGateway> {
  const found = gateways
    .map(({ metadata: { namespace, name }, spec }) => ({
      place: { namespace, name },
      className: spec.gatewayClassName,
    }))
    .filter(({ place }) => wanted === '' || wanted === place.name || wanted === placeText(place));
  const [first, second] = found;
  if (first === undefined)
    return fail('gatewayMissing', wanted === '' ? { gateway: '-', why: 'none' } : { gateway: wanted });
  if (second === undefined) return ok(first);
  const names = found.map(({ place }) => placeText(place)).sort();
  return fail('gatewayUnclear', { count: found.length, gateways: names.slice(0, 5).join(', ') });
}
