import { fail } from '../../src-shared/errors/result.ts';
import type { Cilium } from '../../src-engine/tunnel/cilium/cilium-port.ts';

const refused = async () => fail('notMeshed');

/** A Mac whose cluster has no Cilium. */
export const noCilium: Cilium = {
  claim: () => null,
  couldJoin: () => false,
  operation: () => null,
  leftover: () => null,
  notice: async () => undefined,
  settle: async () => ({ state: 'error', problem: null, cilium: null, exports: [], imports: [] }),
  mend: async () => undefined,
  join: refused,
  leave: refused,
  cancel: () => fail('nothingToCancel', { name: 'tunnel' }),
  add: refused,
  remove: refused,
  examine: async () => [],
  heard: () => false,
  heardSecret: () => false,
  sessionBegan: () => undefined,
  dispose: async () => undefined,
};
