import { fail, ok } from '../../src-shared/errors/result.ts';
import type { ClusterRecord, Observation, Step } from './provider.ts';

/**
 * Before a create: nothing may stand there under that name, or the create's undo would delete what somebody
 * else made.
 */
export function checkAbsent(
  record: ClusterRecord,
  observe: (record: ClusterRecord) => Promise<Observation>,
): Step {
  return {
    id: 'checkAbsent',
    limitMs: 20_000,
    harmless: true,
    async run() {
      const { state, why } = await observe(record);
      if (state === 'absent') return ok(undefined);
      if (state === 'unknown' && why === 'dockerDown') return fail('dockerDown');
      return fail('clusterExists', { name: record.name });
    },
  };
}
