import type { Result } from '../../src-shared/errors/result.ts';
import type { Tunnel } from '../../src-shared/world/tunnel.ts';
import type { Turns } from '../platform/turns.ts';
import type { Cilium } from './cilium/cilium-port.ts';
import type { Lan } from './lan/lan.ts';
import type { TunnelPorts } from './ports.ts';
import type { Submariner } from './submariner/submariner-port.ts';

/** The tunnel's room, as its files know it. */
export interface Room {
  readonly ports: TunnelPorts;
  readonly lan: Lan;
  readonly submariner: Submariner;
  readonly cilium: Cilium;
  readonly turns: Turns;
  published: Tunnel | null;
  publishedMs: number;
  /** Whether a tool for tunnels was there; null: to be looked for. */
  tool: { readonly isThere: boolean; readonly atMs: number } | null;
  /** A round is due, and waits for its turn: another one behind it would see the same. */
  isDue: boolean;
  isAsking: boolean;
  isDisposed: boolean;
  /** What there is to withdraw has been. */
  isBare: boolean;
}

/** What a verb answers: how it is then. */
export type Shown = Result<{ tunnel: Tunnel | null }>;
