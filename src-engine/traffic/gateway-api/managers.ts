import type { ManagedFields } from './gateway-objects.ts';

/** Who writes our route, in the API's own record of it. */
export const FIELD_MANAGER = 'tandem-front';

/**
 * Who else wrote any of the route's `spec` last; null: nobody, or nobody that the API names. A controller writes the
 * status alone, and who labels or annotates a route changes nothing of it.
 */
export function otherWriter(fields: readonly ManagedFields[]): string | null {
  const others = fields.filter(
    ({ manager, subresource, fieldsV1 }) =>
      manager !== FIELD_MANAGER && subresource !== 'status' && writesSpec(fieldsV1),
  );
  const [last] = others.sort((one, other) => (other.time ?? '').localeCompare(one.time ?? ''));
  return last === undefined ? null : nameOf(last.manager ?? '');
}

function writesSpec(fields: unknown): boolean {
  return typeof fields === 'object' && fields !== null && 'f:spec' in fields;
}

/** kubectl has a name for each of its verbs. */
function nameOf(manager: string): string {
  if (manager === '') return 'unknown';
  return /^kubectl(-|$)/.test(manager) ? 'kubectl' : manager;
}
