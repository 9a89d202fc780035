import { z } from 'zod';
import { errorCodes } from '../errors/codes.ts';
import { measured, percent } from './measured.ts';

/** The two sides of the pair, as the front deals requests between them. */
export const sideSchema = z.enum(['core', 'edge']);
export type Side = z.infer<typeof sideSchema>;

/** Percent of requests for each side; the sum is 100. */
export const sharesSchema = z.object({ core: percent, edge: percent });
export type Shares = z.infer<typeof sharesSchema>;

export const frontKindSchema = z.enum(['haproxy', 'gateway-api', 'embedded']);
export type FrontKind = z.infer<typeof frontKindSchema>;

/** Why this kind of front; words are `traffic.why.WHY` in language/. */
export const frontWhySchema = z.enum(['setting', 'haproxyFound', 'haproxyMissing', 'haproxyTooOld']);
export type FrontWhy = z.infer<typeof frontWhySchema>;

/** A number per side: requests in flight, requests a second. */
const perSide = z.object({ core: z.number().min(0), edge: z.number().min(0) });

/** An error of the World: its code and what its sentence needs. */
export const problemSchema = z.object({
  code: z.enum(errorCodes),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Problem = z.infer<typeof problemSchema>;

/** What is known of one backend, from the core's own probes. */
export const backendSchema = z.object({
  /** `HOST:PORT`; null while it is not known (an edge that never said where its gate is). */
  address: z.string().nullable(),
  /** The last probe of its health path succeeded; null before the first. */
  healthy: z.boolean().nullable(),
  /** Round trip of the last good probe. */
  probeMs: z.number().min(0).nullable(),
});

/** The edge's gate, as the edge itself sees it; null on a core. */
export const gateSchema = z.object({
  /** `HOST:PORT`. */
  listen: z.string().nullable(),
  ready: z.boolean(),
  /** Words are `gate.REASON` in language/; null when ready. */
  notReady: z.enum(['starting', 'leaving', 'paused', 'upstreamDown', 'stayOut']).nullable(),
  /** Requests of the core's front under way, streams included. */
  inFlight: z.number().int().min(0),
});
export type GateView = z.infer<typeof gateSchema>;

/** Who gets which requests (design/interface.md, `traffic`). On the edge: the core's last word, with its age. */
export const trafficSchema = z.object({
  front: frontKindSchema,
  why: frontWhySchema,
  /** `down`: nothing answers on the front's port; `problem` says why. */
  state: z.enum(['starting', 'up', 'down']),
  problem: problemSchema.nullable(),
  /** Where clients call: `HOST:PORT`. */
  listen: z.string(),
  /** As written to the front and read back. */
  weights: sharesSchema,
  /** Share of the requests of the last 5 s; null when there were none, or it cannot be told. */
  seen: sharesSchema.nullable(),
  requestsPerSecond: z.number().min(0).nullable(),
  perSecond: perSide.nullable(),
  /** Begun and not ended, streams and WebSockets included. */
  inFlight: perSide.nullable(),
  backends: z.object({ core: backendSchema, edge: backendSchema }),
  gate: gateSchema.nullable(),
  ...measured,
});
export type Traffic = z.infer<typeof trafficSchema>;
