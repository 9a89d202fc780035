import type { ClusterVerb } from '../../src-shared/world/clusters.ts';
import { assertNever } from '../../src-shared/assert-never.ts';

/**
 * What becomes of an operation that a crash cut off. A half-made cluster is of no use and is cleaned up;
 * everything else was wanted by somebody, and its steps may be run again.
 */
export function recoveryOf(verb: ClusterVerb): 'cleanUp' | 'resume' {
  switch (verb) {
    case 'create':
      return 'cleanUp';
    case 'start':
    case 'stop':
    case 'delete':
    case 'drain':
      return 'resume';
    default:
      return assertNever(verb);
  }
}
