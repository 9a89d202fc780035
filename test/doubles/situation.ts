import type { Situation } from '../../src-engine/vitals/cadence.ts';

/** A laptop on AC with its popover closed, without a cluster, and nothing wrong. */
export const quietSituation: Situation = {
  mode: 'darwin',
  live: false,
  clusterRunning: false,
  onAC: true,
  memoryHigh: false,
  thermalHigh: false,
  percentInDoubt: false,
  battery: 'present',
  gaugeAnswers: true,
  timeScale: 1,
};
