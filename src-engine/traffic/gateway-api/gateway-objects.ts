import { z } from 'zod';

/** Objects of the API: junk until parsed. Only what is read is named; the rest stays as it is. */
const managedFieldsSchema = z.looseObject({
  manager: z.string().optional(),
  time: z.string().optional(),
  subresource: z.string().optional(),
  fieldsV1: z.unknown(),
});
export type ManagedFields = z.infer<typeof managedFieldsSchema>;

const metadataSchema = z.looseObject({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string().default(''),
  resourceVersion: z.string().default(''),
  labels: z.record(z.string(), z.string()).default({}),
  managedFields: z.array(managedFieldsSchema).default([]),
});

const referenceSchema = z.looseObject({
  group: z.string().optional(),
  kind: z.string().optional(),
  namespace: z.string().optional(),
  name: z.string(),
});
const backendRefSchema = referenceSchema.extend({
  port: z.number().optional(),
  weight: z.number().optional(),
  filters: z.array(z.unknown()).default([]),
});
export type BackendRef = z.infer<typeof backendRefSchema>;

const ruleSchema = z.looseObject({
  matches: z
    .array(z.looseObject({ path: z.looseObject({ type: z.string(), value: z.string() }).optional() }))
    .default([]),
  filters: z.array(z.unknown()).default([]),
  backendRefs: z.array(backendRefSchema).default([]),
  timeouts: z
    .looseObject({ request: z.string().optional(), backendRequest: z.string().optional() })
    .optional(),
});

const conditionSchema = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
});

export const routeSchema = z.looseObject({
  metadata: metadataSchema,
  spec: z.looseObject({
    parentRefs: z.array(referenceSchema).default([]),
    hostnames: z.array(z.string()).default([]),
    rules: z.array(ruleSchema).default([]),
  }),
  status: z
    .looseObject({
      parents: z
        .array(
          z.looseObject({
            controllerName: z.string().default(''),
            conditions: z.array(conditionSchema).default([]),
          }),
        )
        .default([]),
    })
    .optional(),
});
export type Route = z.infer<typeof routeSchema>;

export const gatewaySchema = z.looseObject({
  metadata: metadataSchema,
  spec: z.looseObject({ gatewayClassName: z.string() }),
});
export type Gateway = z.infer<typeof gatewaySchema>;

export const gatewayClassSchema = z.looseObject({
  metadata: metadataSchema,
  spec: z.looseObject({ controllerName: z.string() }),
  status: z
    .looseObject({
      /** Names alone before Gateway API 1.2. */
      supportedFeatures: z
        .array(z.union([z.string(), z.looseObject({ name: z.string() }).transform(({ name }) => name)]))
        .default([]),
    })
    .optional(),
});
export type GatewayClass = z.infer<typeof gatewayClassSchema>;
