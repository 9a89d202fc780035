import { z } from 'zod';
import { command } from './command.ts';

/** How the engine is started at boot or login, and kept running. */
export const serviceStatusSchema = z.object({
  /** `none`: this machine has no service manager that a user may use. */
  manager: z.enum(['launchd', 'systemd', 'none']),
  installed: z.boolean(),
  /** Its engine runs; null when the manager does not say. */
  active: z.boolean().nullable(),
  /** The unit or launch agent. */
  file: z.string().nullable(),
  /** It runs also while this user is not logged in (systemd); null where there is no such choice, or it is not known. */
  lingers: z.boolean().nullable(),
});
export type ServiceStatus = z.infer<typeof serviceStatusSchema>;

const offline = true as const;
const of = (words: string) =>
  command({ input: z.strictObject({}), output: serviceStatusSchema, cli: { words, offline } });

export const serviceCommands = {
  /** Writes the unit, starts it now and at each login; the front is back with the weights of the record. */
  'service.install': of('service install'),
  /** Stops it and removes the unit. */
  'service.remove': of('service remove'),
  'service.status': of('service status'),
};
