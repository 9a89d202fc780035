import { z } from 'zod';
import { errorCodes } from '../errors/codes.ts';
import { clusterSchema } from './clusters.ts';
import { isoTime } from './measured.ts';
import { roleSchema } from './role.ts';
import { vitalsSchema } from './vitals.ts';

/** `never`: not heard since this engine started. `left`: it said good-bye. */
export const linkStateSchema = z.enum(['never', 'up', 'suspect', 'down', 'left']);
export type LinkState = z.infer<typeof linkStateSchema>;

/** What kind of break it is (design/interface.md); words are `class.CLASS` in language/. */
export const breakClassSchema = z.enum([
  'SELF_OFFLINE',
  'SELF_OR_ROUTER_DOWN',
  'LOCAL_NETWORK_DENIED',
  'LEFT',
  'APP_CRASHED',
  'APP_HUNG',
  'PORT_BLOCKED',
  'PEER_UNREACHABLE',
  'ONE_WAY',
  'API_SERVER_DOWN',
  'TUNNEL_DOWN',
  'SELF_PAUSED',
  'ROAMED',
  'NEVER_SEEN',
]);
export type BreakClass = z.infer<typeof breakClassSchema>;

/** The likeliest cause inside a class that cannot be told apart from here; `likely.CAUSE` in language/. */
export const likelySchema = z.enum(['hostDown', 'asleep', 'partition', 'clientIsolation', 'batteryEmpty']);
export type Likely = z.infer<typeof likelySchema>;

/** Why a Mac said good-bye. */
export const byeReasonSchema = z.enum([
  'sleep',
  'shutdown',
  'lowBattery',
  'userStop',
  'quit',
  'update',
  'otherNetwork',
]);
export type ByeReason = z.infer<typeof byeReasonSchema>;

/** One thing that was looked at. Its words: `evidence.PROBE.OUTCOME` in language/. */
export const evidenceSchema = z.object({
  /** Which Mac it speaks of. */
  about: z.enum(['self', 'peer']),
  /** Which Mac saw it: the other one tells in its HELLO, afterwards. */
  by: z.enum(['self', 'peer']),
  probe: z.enum([
    'interface',
    'gateway',
    'heartbeat',
    'echo',
    'session',
    'appPort',
    'secondPort',
    'ping',
    'arp',
    'api',
    'tunnel',
    'bye',
    'ticks',
    'address',
    'neighbours',
    'boot',
    'sleep',
  ]),
  outcome: z.enum([
    'ok',
    'silent',
    'refused',
    'timeout',
    'unreachable',
    'denied',
    'missing',
    'changed',
    'stalled',
    'hung',
    'closed',
    'said',
    'error',
  ]),
  /** Round trip, silence or pause in milliseconds. */
  ms: z.number().min(0).nullable(),
  /** An address, a port, a reason. */
  detail: z.string().max(200).nullable(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** A break, as it was decided and as it turned out; the page of breaks lists them, newest first. */
export const linkBreakSchema = z.object({
  /** Id of its history record. */
  id: z.string(),
  class: breakClassSchema,
  /** What the other Mac's HELLO told afterwards, when that differs. */
  finalClass: breakClassSchema.nullable(),
  likely: likelySchema.nullable(),
  byeReason: byeReasonSchema.nullable(),
  startedAt: isoTime,
  /** Silence at the decision, milliseconds. */
  decidedAfterMs: z.number().min(0),
  /** Null while it lasts. */
  endedAt: isoTime.nullable(),
  evidence: z.array(evidenceSchema).max(24),
});
export type LinkBreak = z.infer<typeof linkBreakSchema>;

/** The other Mac, as it said itself and as it is heard (design/interface.md, `peer`). */
export const peerSchema = z.object({
  name: z.string(),
  role: roleSchema,
  /** SHA-256 of its public key, hex. */
  pin: z.string(),
  link: linkStateSchema,
  /** Since when the link is in this state. */
  since: isoTime,
  class: breakClassSchema.nullable(),
  likely: likelySchema.nullable(),
  byeReason: byeReasonSchema.nullable(),
  /** True on an edge that cannot reach its core: it keeps serving what reaches it (design decision 10). */
  isolated: z.boolean(),
  evidence: z.array(evidenceSchema).max(24),
  rttMs: z.number().min(0).nullable(),
  quality: z.enum(['good', 'fair', 'poor']).nullable(),
  /** Silence, as of `at`. */
  lastSeenMs: z.number().min(0).nullable(),
  address: z.string().nullable(),
  version: z.string().nullable(),
  /** When it last told its vitals and clusters. */
  toldAt: isoTime.nullable(),
  vitals: vitalsSchema.nullable(),
  clusters: z.array(clusterSchema).nullable(),
});
export type Peer = z.infer<typeof peerSchema>;

/** A pairing under way, from the first knock to both answers. */
export const pairingSchema = z.object({
  side: z.enum(['listener', 'dialler']),
  /** `compare`: the digits stand on both screens; `waiting`: this side said yes, the other has not answered. */
  stage: z.enum(['listening', 'dialling', 'compare', 'waiting', 'done', 'failed']),
  listening: z.string().nullable(),
  /** Six, while they are to be compared and after. */
  digits: z.string().nullable(),
  peerName: z.string().nullable(),
  peerPin: z.string().nullable(),
  /** What this Mac becomes. */
  role: roleSchema.nullable(),
  expiresAt: isoTime,
  error: z
    .object({
      code: z.enum(errorCodes),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
    })
    .nullable(),
});
export type Pairing = z.infer<typeof pairingSchema>;

/** This Mac's own end of the link. */
export const ownLinkSchema = z.object({
  /** SHA-256 of this Mac's public key, hex; null until its identity exists or can be read. */
  pin: z.string().nullable(),
  /** `ADDRESS:PORT`; null while nothing listens. */
  listening: z.string().nullable(),
  problem: z
    .object({
      code: z.enum(errorCodes),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
    })
    .nullable(),
  /** `other`: not the network of the pairing; it neither listens nor announces until a person says so. */
  network: z.enum(['unpaired', 'home', 'trusted', 'other', 'refused', 'none']),
  /** The router that `network` speaks of: its MAC address, else its address. */
  router: z.string().nullable(),
  pairing: pairingSchema.nullable(),
  /** The file that heartbeats are recorded to. */
  recording: z.string().nullable(),
});
export type OwnLink = z.infer<typeof ownLinkSchema>;

export const noLink: OwnLink = {
  pin: null,
  listening: null,
  problem: null,
  network: 'unpaired',
  router: null,
  pairing: null,
  recording: null,
};
