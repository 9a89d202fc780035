import { z } from 'zod';
import { tunnelSchema } from '../world/tunnel.ts';
import { command } from './command.ts';
import { doctorCheckSchema } from './housekeeping.ts';

const renderer = true as const;
const positionals = ['name'];
const label = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);

/** What the other cluster's Service is called is 7 letters longer, of the 63 there are. */
const service = { name: label(56), namespace: label(63).default('default') };
const shown = z.object({ tunnel: tunnelSchema.nullable() });

export const tunnelCommands = {
  'tunnel.get': command({
    input: z.strictObject({}),
    output: shown,
    cli: { words: 'tunnel status' },
    renderer,
  }),
  /** A service of this Mac's cluster: pods of the other Mac may reach it from now on. */
  'tunnel.export': command({
    input: z.strictObject({
      ...service,
      /** The other cluster's DNS answers NAME.NAMESPACE.svc.clusterset.local, by a block that is added to it. */
      names: z.boolean().default(true),
    }),
    output: shown,
    cli: { words: 'tunnel export', positionals },
    renderer,
  }),
  'tunnel.unexport': command({
    input: z.strictObject(service),
    output: shown,
    cli: { words: 'tunnel unexport', positionals },
    renderer,
  }),
  /** Makes this Mac's cluster the place where both clusters of the pair meet (Submariner's broker). On the core. */
  'tunnel.broker': command({
    input: z.strictObject({}),
    output: shown,
    cli: { words: 'tunnel broker' },
    renderer,
  }),
  /** Connects this Mac's cluster by Submariner: the core's first, then the edge's. */
  'tunnel.join': command({
    input: z.strictObject({
      /** By which the other cluster knows this one; made of the cluster's name and this Mac's role by itself. */
      id: label(63).optional(),
    }),
    output: shown,
    cli: { words: 'tunnel join' },
    renderer,
  }),
  /** Takes this Mac's cluster out again, and what the broker knows of it. */
  'tunnel.leave': command({
    input: z.strictObject({
      /** On the core: not this cluster, but one of that ID that is gone for good. */
      stale: label(63).optional(),
      yes: z.boolean().default(false),
    }),
    output: shown,
    cli: { words: 'tunnel leave' },
    renderer,
  }),
  /** Ends what is under way, and undoes it. */
  'tunnel.cancel': command({
    input: z.strictObject({}),
    output: shown,
    cli: { words: 'tunnel cancel' },
    renderer,
  }),
  /** Every hop in order, each with one sentence and one action. */
  'tunnel.doctor': command({
    input: z.strictObject({}),
    output: z.object({ checks: z.array(doctorCheckSchema) }),
    cli: { words: 'tunnel doctor' },
    renderer,
  }),
};
