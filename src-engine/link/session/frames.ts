import { z } from 'zod';
import { peerCommandSchema } from '../../../src-shared/commands/peer.ts';
import { errorCodes } from '../../../src-shared/errors/codes.ts';
import { clusterSchema } from '../../../src-shared/world/clusters.ts';
import { byeReasonSchema } from '../../../src-shared/world/peer.ts';
import { roleSchema } from '../../../src-shared/world/role.ts';
import { vitalsSchema } from '../../../src-shared/world/vitals.ts';
import type { Frame, HelloData, PeerStatus } from '../ports.ts';
import { CAP_AFTER_WELCOME_BYTES } from './framing.ts';

/** The 20 worst items of a list (design/limits.md, World). */
export const MOST_CLUSTERS = 20;
const MOST_ENTRIES = 16;
const MOST_EVIDENCE = 24;

const durationMs = z.number().min(0);
const minor = z.number().int().min(0).max(1_000_000);
const MOST_LETTERS = 64;
const MOST_API_LETTERS = 300;
const word = z.string().max(MOST_LETTERS);
const port = z.number().int().min(1).max(65_535);
const params = z.record(z.string().max(40), z.union([z.string().max(300), z.number()]));

const helloDataSchema = z.object({
  protoMin: minor,
  protoMax: minor,
  app: word,
  name: word,
  role: roleSchema,
  bootId: word,
  appStartId: word,
  uptimeSeconds: z.number().min(0),
  pauses: z
    .array(z.object({ agoMs: durationMs, lastedMs: durationMs, slept: z.boolean() }))
    .max(MOST_ENTRIES),
  gaps: z.array(z.object({ agoMs: durationMs, lastedMs: durationMs })).max(MOST_ENTRIES),
  lastSeqSeen: z.number().int().min(0).nullable(),
  features: z.array(z.string().max(32)).max(MOST_ENTRIES),
});

/** `port`: where the speaker listens; null while it does not. */
export const helloSchema = z.object({
  type: z.literal('HELLO'),
  port: port.nullable(),
  hello: helloDataSchema,
});
export type HelloFrame = z.infer<typeof helloSchema>;

/** `sessionId`: u64 in hex, the listener's choice. */
export const welcomeSchema = z.object({
  type: z.literal('WELCOME'),
  minor,
  sessionId: z.string().regex(/^[0-9a-f]{16}$/),
  hello: helloDataSchema,
});
export type WelcomeFrame = z.infer<typeof welcomeSchema>;

/** `peerIsOld`, `selfIsOld`: as its sender sees it, with `min` and `max`. `superseded`: a newer connection stands. */
export const errorSchema = z.object({
  type: z.literal('ERROR'),
  code: z.string().max(40),
  fatal: z.boolean(),
  params: params.default({}),
});
export type ErrorFrame = z.infer<typeof errorSchema>;

const statusSchema: z.ZodType<PeerStatus> = z.object({
  name: word,
  role: roleSchema,
  version: word,
  vitals: vitalsSchema,
  clusters: z.array(clusterSchema).max(MOST_CLUSTERS),
  api: z.string().max(MOST_API_LETTERS).nullable(),
});

const tandemErrorSchema = z.object({ code: z.enum(errorCodes), params });

const frameSchemas: { readonly [Type in Frame['type']]: z.ZodType<Extract<Frame, { type: Type }>> } = {
  STATUS: z.object({ type: z.literal('STATUS'), status: statusSchema }),
  EVENT: z.object({
    type: z.literal('EVENT'),
    class: word,
    sinceMs: durationMs,
    evidence: z.array(z.unknown()).max(MOST_EVIDENCE),
  }),
  BYE: z.object({
    type: z.literal('BYE'),
    reason: byeReasonSchema,
    drainDone: z.boolean(),
    expectReturnSeconds: z.number().min(0).nullable(),
  }),
  UNPAIR: z.object({ type: z.literal('UNPAIR') }),
  HANDOFF: z.object({ type: z.literal('HANDOFF'), payload: z.unknown() }),
  TUNNEL: z.object({ type: z.literal('TUNNEL'), payload: z.unknown() }),
  SECRET: z.object({
    type: z.literal('SECRET'),
    name: word,
    value: z.string().max(48 * 1024),
  }),
  CMD: z.object({
    type: z.literal('CMD'),
    id: z.uuid(),
    command: peerCommandSchema,
    name: z.string().max(40).nullable(),
  }),
  CMD_RESULT: z.object({
    type: z.literal('CMD_RESULT'),
    id: z.uuid(),
    ok: z.boolean(),
    error: tandemErrorSchema.nullable(),
  }),
};

const anyFrame = z.object({ type: z.string().max(40), critical: z.boolean().optional() });
const refusedCommand = z.object({ type: z.literal('CMD'), id: z.uuid() });

export type Heard =
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'error'; readonly error: ErrorFrame }
  /** A CMD that is not on the allow-list: it is answered, never done. */
  | { readonly kind: 'refusedCommand'; readonly id: string }
  /** A type of a newer version that may be passed over. */
  | { readonly kind: 'unknown'; readonly type: string; readonly critical: boolean }
  /** A known type with something else inside than its schema. */
  | { readonly kind: 'malformed'; readonly type: string };

/** What a frame after WELCOME is; fields that no schema names are dropped. */
export function readFrame(junk: unknown): Heard {
  const any = anyFrame.safeParse(junk);
  if (!any.success) return { kind: 'malformed', type: '?' };
  const { type, critical } = any.data;
  if (type === 'ERROR') {
    const error = errorSchema.safeParse(junk);
    return error.success ? { kind: 'error', error: error.data } : { kind: 'malformed', type };
  }
  if (!isFrameType(type)) return { kind: 'unknown', type, critical: critical ?? false };
  const schema: z.ZodType<Frame> = frameSchemas[type];
  const parsed = schema.safeParse(junk);
  if (parsed.success) return { kind: 'frame', frame: parsed.data };
  const command = refusedCommand.safeParse(junk);
  return command.success ? { kind: 'refusedCommand', id: command.data.id } : { kind: 'malformed', type };
}

function isFrameType(type: string): type is Frame['type'] {
  return Object.hasOwn(frameSchemas, type);
}

/** Cut to what the other side takes: HELLO must fit 4 KiB whatever happened to this Mac. */
export function trimHello(hello: HelloData): HelloData {
  const soonestFirst = <T extends { agoMs: number }>(list: readonly T[]): readonly T[] =>
    list.toSorted((a, b) => a.agoMs - b.agoMs).slice(0, MOST_ENTRIES);
  return {
    ...hello,
    app: hello.app.slice(0, MOST_LETTERS),
    name: hello.name.slice(0, MOST_LETTERS),
    pauses: soonestFirst(hello.pauses),
    gaps: soonestFirst(hello.gaps),
    features: hello.features.slice(0, MOST_ENTRIES),
  };
}

/** A frame as it may leave: a status names at most 20 clusters, of those as many as fit 64 KiB. */
export function trimFrame(frame: Frame): Frame {
  if (frame.type !== 'STATUS') return frame;
  const { name, version, api, clusters } = frame.status;
  const bare: PeerStatus = {
    ...frame.status,
    name: name.slice(0, MOST_LETTERS),
    version: version.slice(0, MOST_LETTERS),
    // Half an address is none.
    api: api !== null && api.length > MOST_API_LETTERS ? null : api,
    clusters: [],
  };
  const roomBytes = CAP_AFTER_WELCOME_BYTES - jsonBytes({ ...frame, status: bare });
  return {
    ...frame,
    status: { ...bare, clusters: firstThatFit(clusters.slice(0, MOST_CLUSTERS), roomBytes) },
  };
}

function firstThatFit<T>(items: readonly T[], roomBytes: number): T[] {
  // The first has no comma before it.
  let leftBytes = roomBytes + 1;
  const over = items.findIndex((item) => {
    leftBytes -= jsonBytes(item) + 1;
    return leftBytes < 0;
  });
  return over < 0 ? [...items] : items.slice(0, over);
}

const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
