import { z } from 'zod';
import { wakeSchema } from '../world/wake.ts';
import { command } from './command.ts';

export const wakeCommands = {
  /** What the Mac was like after its last sleep; `look` looks at everything anew, as after one. */
  'wake.get': command({
    input: z.strictObject({ look: z.boolean().default(false) }),
    output: z.object({ wake: wakeSchema.nullable() }),
    cli: { words: 'wake' },
    renderer: true,
  }),
};
