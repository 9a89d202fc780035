import { fail } from '../../src-shared/errors/result.ts';
import type { Submariner } from '../../src-engine/tunnel/submariner/submariner-port.ts';

const refused = async () => fail('notJoined');

/** A Mac on which Submariner never was. */
export const noSubmariner: Submariner = {
  claim: () => null,
  operation: () => null,
  leftover: () => null,
  entriesLeft: () => null,
  settle: async () => ({ state: 'none', problem: null, submariner: null, exports: [], imports: [] }),
  mend: async () => undefined,
  broker: refused,
  join: refused,
  leave: refused,
  forgetStale: refused,
  cancel: () => fail('nothingToCancel', { name: 'tunnel' }),
  add: refused,
  remove: refused,
  examine: async () => ({ lines: [], waiting: [] }),
  heard: () => false,
  heardSecret: () => undefined,
  sessionBegan: () => undefined,
  dispose: async () => undefined,
};
