/** The name under which we write; the API keeps it beside what was written. */
export const FIELD_MANAGER = 'tandem';

/** Of a node, as the API of Kubernetes writes it: what is looked at here. */
export interface NodeFacts {
  readonly metadata?: {
    readonly name?: string | undefined;
    readonly resourceVersion?: string | undefined;
    readonly managedFields?:
      readonly { readonly manager?: string | undefined; readonly fieldsV1?: unknown }[] | undefined;
  };
  readonly spec?: { readonly unschedulable?: boolean | undefined };
}

/** `open`: takes new pods. `ours`: we have closed it. `theirs`: somebody else has, and opens it again. */
export type Cordon = 'open' | 'ours' | 'theirs';

/**
 * Whose cordon stands on a node. The API itself remembers who set a field (`managedFields`), so nothing of it can be
 * lost in a crash or between two starts. Who opens a node and closes it again owns that cordon; `kubectl cordon` on one
 * that is closed already writes nothing, so ours stays ours then. One that nobody owns was written by a tool that hides
 * it: not by us.
 */
export function cordonOf({ metadata, spec }: NodeFacts): Cordon {
  if (spec?.unschedulable !== true) return 'open';
  const owners = (metadata?.managedFields ?? []).filter(({ fieldsV1 }) => ownsCordon(fieldsV1));
  return owners.length > 0 && owners.every(({ manager }) => manager === FIELD_MANAGER) ? 'ours' : 'theirs';
}

/** `{"f:spec":{"f:unschedulable":{}}}` in the notation of the API. */
function ownsCordon(fields: unknown): boolean {
  const spec = isRecord(fields) ? fields['f:spec'] : null;
  return isRecord(spec) && Object.hasOwn(spec, 'f:unschedulable');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
