import { GIB } from '../../src-shared/units.ts';
import type { Runtime } from '../../src-shared/world/runtime.ts';
import { WORLD_AT } from './worlds.ts';

/** Colima with 4 GB, in which containers of others run. */
export const colima = (change: Partial<Runtime> = {}): Runtime => ({
  source: 'Docker',
  sampledAt: WORLD_AT,
  name: 'colima',
  profile: 'default',
  state: 'running',
  socket: '/Users/me/.colima/default/docker.sock',
  vm: {
    memoryBytes: 4 * GIB,
    cpus: 2,
    guestTotalBytes: 3.8 * GIB,
    touchedBytes: 3 * GIB,
    learnedBytes: 2.5 * GIB,
  },
  containers: { ours: 0, others: 2, names: ['db', 'web'] },
  startable: false,
  offer: null,
  ...change,
});

/** Nothing runs in it: its memory could come back. */
export const idleColima = (change: Partial<Runtime> = {}): Runtime =>
  colima({ containers: { ours: 0, others: 0, names: [] }, offer: 'idle', ...change });
