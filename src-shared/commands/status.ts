import { z } from 'zod';
import { vitalsSchema } from '../world/vitals.ts';
import { worldSchema } from '../world/world.ts';
import { command } from './command.ts';

export const statusCommands = {
  'status.get': command({
    input: z.strictObject({}),
    output: worldSchema,
    cli: { words: 'status' },
    renderer: true,
  }),
  /**
   * Sends `status.changed` from now on, a whole World each time. `live` says that somebody is looking:
   * vitals are then read every two seconds instead of every fifteen or thirty.
   */
  'status.subscribe': command({
    input: z.strictObject({ live: z.boolean().default(false) }),
    output: worldSchema,
    renderer: true,
  }),
  'status.unsubscribe': command({ input: z.strictObject({}), output: z.object({}) }),
  'vitals.get': command({
    input: z.strictObject({}),
    output: z.object({ name: z.string(), vitals: vitalsSchema }),
    cli: { words: 'vitals' },
  }),
  /** Measurements of the last `seconds`, at most `points` of each: what the sparklines draw. */
  'samples.recent': command({
    input: z.strictObject({
      seconds: z.number().int().min(10).max(86_400).default(600),
      points: z.number().int().min(2).max(720).default(60),
    }),
    output: z.object({
      /** Ages in milliseconds before now, oldest first, shared by all series. */
      agesMs: z.array(z.number()),
      memoryPercent: z.array(z.number().nullable()),
      batteryPercent: z.array(z.number().nullable()),
      thermalLevel: z.array(z.number().nullable()),
      cpuPercent: z.array(z.number().nullable()),
      /** Largest gap between two heartbeats of the other Mac in each slot; null while none was expected. */
      peerGapMs: z.array(z.number().nullable()),
    }),
    renderer: true,
  }),
  'notices.dismiss': command({
    input: z.strictObject({ id: z.string() }),
    output: z.object({}),
    renderer: true,
  }),
};
