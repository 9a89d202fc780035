import type { Shares, Side } from '../../../src-shared/world/traffic.ts';
import { BACKENDS, type Backend } from './servers.ts';

/**
 * Shares as HAProxy deals them: whole percents. A core without any weight could take nothing over from an edge
 * that refuses (503 for all until its checks say DOWN, 2 s: measured), so that "all on the edge" leaves it 1 of 257.
 */
export function weightsOf({ core, edge }: Shares): Record<Side, number> {
  const weights = { core: Math.round(core), edge: Math.round(edge) };
  return weights.core === 0 && weights.edge > 0 ? { core: 1, edge: 256 } : weights;
}

/** Weights of one backend, as `get weight` told them. */
export interface BackendWeights {
  readonly core: number;
  /** 0 where the edge is not configured, or is held out by an operator's word. */
  readonly edge: number;
}

/**
 * What the weights of both backends deal, in percent. Where they differ (a writer died between two writes, or
 * somebody else wrote to one of them) the greater share of the edge is said: nobody may think it is at 0.
 */
export function sharesFrom(backends: readonly BackendWeights[]): Shares {
  const edge = Math.max(0, ...backends.map(edgePercent));
  return { core: 100 - edge, edge };
}

function edgePercent({ core, edge }: BackendWeights): number {
  return edge === 0 ? 0 : Math.round((edge / (core + edge)) * 100);
}

export interface WeightWrite {
  readonly backend: Backend;
  readonly side: Side;
  readonly weight: number;
}

/**
 * The writes that lead from one dealing to another: the rising side first, in both backends. The other way
 * round one side gets everything for up to 250 requests, and both at 0 is no dealing at all.
 */
export function weightWrites(from: Shares, to: Shares, hasEdge: boolean): WeightWrite[] {
  const rising: Side = to.edge > from.edge ? 'edge' : 'core';
  const weights = weightsOf(to);
  const sides: Side[] = rising === 'edge' ? ['edge', 'core'] : ['core', 'edge'];
  return sides
    .filter((side) => side === 'core' || hasEdge)
    .flatMap((side) => BACKENDS.map((backend) => ({ backend, side, weight: weights[side] })));
}
