import { z } from 'zod';
import { handoffSchema, leaveReasonSchema } from './world/handoff.ts';
import { problemSchema, sharesSchema, trafficSchema } from './world/traffic.ts';

/**
 * What keeper (core) and leaver (edge) say to each other, as the payload of HANDOFF frames and, for LEAVE_NOW,
 * of the link's datagram too (design/decisions.md 9; src-engine/handoff/SEQUENCE.md says when).
 */
const count = z.number().int().min(0);
const remainingMs = z.number().min(0).nullable();

/** Something still open when a drain ended. */
export const openRequestSchema = z.object({
  method: z.string().max(10),
  path: z.string().max(200),
  ageMs: z.number().min(0),
});
export type OpenRequest = z.infer<typeof openRequestSchema>;

/** Where the core's front finds the edge's gate. The certificate is the edge's own; the core compares its key with the pin. */
export const gateAddressSchema = z.object({
  address: z.string().max(255),
  port: z.number().int().min(1).max(65_535),
  certificatePem: z.string().max(4096),
});
export type GateAddress = z.infer<typeof gateAddressSchema>;

/** Of the departure that they belong to. An older epoch is refused, a known seq is no news. */
const envelope = {
  handoffId: z.string().max(64),
  epoch: count,
  /** Counts up per sender and engine start. */
  seq: count,
};
const message = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.object({ type: z.literal(type), ...envelope, ...shape });

export const handoffMessageSchema = z.discriminatedUnion('type', [
  // edge -> core
  /** Reasons as they are now; the empty list says that none is left. `leave`: go through with it now. */
  message('INTENT', { reasons: z.array(leaveReasonSchema).max(10), leave: z.boolean(), remainingMs }),
  message('CANCEL', { reasons: z.array(leaveReasonSchema).max(10) }),
  message('PREPARED', { inFlight: count.nullable(), fit: z.boolean(), why: problemSchema.nullable() }),
  message('DRAINED', { newRequests: count, cut: z.array(openRequestSchema).max(20), cutCount: count }),
  message('GONE', { stoppedMs: z.number().min(0), forced: z.boolean() }),
  message('LEAVE_NOW', { reason: leaveReasonSchema }),
  /** The first word of each session: who I am, what I was doing, where my gate is. */
  message('REJOIN', {
    bootId: z.string().max(64),
    /** Changes with each wake and each start of the engine. */
    wakeId: z.string().max(64),
    reasons: z.array(leaveReasonSchema).max(10),
    gate: gateAddressSchema.nullable(),
    gateReady: z.boolean().nullable(),
    /** The gate shut itself by its pause guard: what it held was reset. */
    gatePaused: z.boolean(),
    /** What this edge was doing, by its journal. */
    doing: z.enum(['nothing', 'preparing', 'draining', 'stopping', 'gone']),
  }),
  /** May I come back? `person`: asked for by one, so that the cool-down is skipped. */
  message('ASK_RETURN', { person: z.boolean(), clusterReady: z.boolean().nullable() }),
  // core -> edge
  message('PREPARE', { remainingMs }),
  message('DRAIN', { remainingMs }),
  /** Nothing of the front reaches you and nothing is in flight: stop. The only word upon which an edge stops unforced. */
  message('RELEASE', { remainingMs }),
  message('ACK', { of: z.string().max(20), stage: z.enum(['written', 'live']) }),
  message('ADMIT', { share: z.number().min(0).max(100) }),
  message('REJECT', { why: problemSchema }),
  /** The core's view, on each change and every 5 s. */
  message('STATE', { handoff: handoffSchema, traffic: trafficSchema.nullable(), shares: sharesSchema }),
]);
export type HandoffMessage = z.infer<typeof handoffMessageSchema>;
export type HandoffMessageType = HandoffMessage['type'];
/** A message before its sender adds handoffId, epoch and seq. */
export type HandoffWords<Type extends HandoffMessageType = HandoffMessageType> = Type extends unknown
  ? Omit<Extract<HandoffMessage, { type: Type }>, 'handoffId' | 'epoch' | 'seq'>
  : never;
