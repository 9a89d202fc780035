import type { Result } from '../../../src-shared/errors/result.ts';
import { operate } from './operation.ts';
import type { Parts } from './parts.ts';
import { leaveSteps } from './plan-leave.ts';

/** Also what finishes a leave that a crash cut off: each of its steps may be run again. */
export function runLeave(parts: Parts, clusterId: string): Promise<Result<void>> {
  return operate(parts, { verb: 'leave', clusterId, steps: leaveSteps(parts, clusterId) });
}
