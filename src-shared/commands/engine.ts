import { z } from 'zod';
import { isoTime } from '../world/measured.ts';
import { command } from './command.ts';

export const engineCommands = {
  'engine.info': command({
    input: z.strictObject({}),
    output: z.object({ pid: z.number(), version: z.string(), home: z.string(), startedAt: isoTime }),
  }),
  /** Ends the engine. Clusters stay as they are. */
  'engine.stop': command({ input: z.strictObject({}), output: z.object({ stopping: z.literal(true) }) }),
  /** What only the shell can see of this host (design decision 13). */
  'host.event': command({
    input: z.strictObject({
      event: z.enum(['suspend', 'resume', 'shutdown', 'onAc', 'onBattery', 'thermal']),
    }),
    output: z.object({ heard: z.literal(true) }),
  }),
};
