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
  /** Every hop in order, each with one sentence and one action. */
  'tunnel.doctor': command({
    input: z.strictObject({}),
    output: z.object({ checks: z.array(doctorCheckSchema) }),
    cli: { words: 'tunnel doctor' },
    renderer,
  }),
};
