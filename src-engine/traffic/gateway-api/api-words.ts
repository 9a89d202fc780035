import { fail, type Result } from '../../../src-shared/errors/result.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import { placeText } from './choose-gateway.ts';
import type { Route } from './gateway-objects.ts';
import type { Answer, ObjectPlace } from './gateway-ports.ts';

const MOST_CHARACTERS = 200;
const short = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, MOST_CHARACTERS);

/**
 * What the API did not do, as an error of ours: `apiUnreachable {name}`, `routeForbidden {detail}`,
 * `routeGone {route}`, `routeRefused {reason, message}`.
 */
export function apiError(
  answer: Extract<Answer<unknown>, { ok: false }>,
  clusterName: string,
  place: ObjectPlace,
): Result<never> {
  switch (answer.why) {
    case 'noAnswer':
      return fail('apiUnreachable', { name: clusterName });
    case 'forbidden':
      return fail('routeForbidden', { detail: short(answer.detail) });
    case 'absent':
      return fail('routeGone', { route: placeText(place) });
    case 'changed':
    case 'refused':
      return fail('routeRefused', { reason: 'API', message: short(answer.detail) });
  }
}

/**
 * What a gateway says against the route; null: nothing. Its good word is no proof of anything (measured.md, Gateway
 * API 1 and 3), so it is never asked for; its bad one is worth saying.
 */
export function refusalIn({ status }: Route): Problem | null {
  const against = (status?.parents ?? [])
    .flatMap(({ conditions }) => conditions)
    .find(({ type, status: said }) => (type === 'Accepted' || type === 'ResolvedRefs') && said === 'False');
  if (against === undefined) return null;
  const { reason, message } = against;
  return { code: 'routeRefused', params: { reason, message: short(message) } };
}
