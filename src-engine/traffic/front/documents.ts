import { z } from 'zod';
import { problemSchema, sharesSchema } from '../../../src-shared/world/traffic.ts';

/** What the front's program and its adapter say to each other: the configuration file, and the control socket. */

const addressSchema = z.object({
  host: z.string().min(1).max(255),
  port: z.number().int().min(1).max(65_535),
});

export const frontConfigSchema = z.object({
  listen: addressSchema,
  core: addressSchema.extend({ healthPath: z.string().startsWith('/') }),
  edge: addressSchema
    .extend({ tls: z.object({ ownPemFile: z.string(), peerPemFile: z.string(), peerPin: z.string() }) })
    .nullable(),
  edgeListen: addressSchema.optional(),
  allow: z.array(z.string()).readonly().optional(),
});

const dealtShares = sharesSchema.refine(({ core, edge }) => core + edge === 100, 'the sum is 100');

/** The configuration file, and the body of POST /config: everything as it is to be from now on. */
export const frontDocumentSchema = z.object({
  config: frontConfigSchema,
  shares: dealtShares,
  /** The edge stays out until it is revived, also when the front dies and starts again. */
  dead: z.boolean(),
});
export type FrontDocument = z.infer<typeof frontDocumentSchema>;

/** The body of POST /weights. */
export const weightsSchema = z.object({ shares: dealtShares });

const sideSchema = z.object({
  requests: z.number(),
  failures: z.number(),
  retried: z.number(),
  inFlight: z.number(),
  up: z.boolean().nullable(),
});

/** The answer to GET /state, and to every POST but /dead. */
export const frontStateSchema = z.object({
  generation: z.string(),
  pid: z.number().int(),
  config: frontConfigSchema,
  /** As they are dealt: nothing for an edge that is dead or has no address. */
  shares: sharesSchema,
  dead: z.boolean(),
  core: sideSchema,
  edge: sideSchema,
});
export type FrontState = z.infer<typeof frontStateSchema>;

/** The answer to POST /dead. `cut` holds the first ones, `cutCount` counts all. */
export const deadAnswerSchema = z.object({
  resent: z.number().int(),
  cut: z.array(z.object({ method: z.string(), path: z.string(), ageMs: z.number() })),
  cutCount: z.number().int(),
});
export type DeadAnswer = z.infer<typeof deadAnswerSchema>;

/** The answer of status 4xx: why not. */
export const refusalSchema = z.object({ error: problemSchema });
