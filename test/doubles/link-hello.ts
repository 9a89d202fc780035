import type { HelloData } from '../../src-engine/link/ports.ts';

/** What the other Mac says of itself first, as of a quiet day. */
export const hello = (change: Partial<HelloData> = {}): HelloData => ({
  protoMin: 0,
  protoMax: 0,
  app: '0.0.0',
  name: 'Edge',
  role: 'edge',
  bootId: 'boot-1',
  appStartId: 'start-1',
  uptimeSeconds: 3600,
  pauses: [],
  gaps: [],
  lastSeqSeen: null,
  features: [],
  ...change,
});
