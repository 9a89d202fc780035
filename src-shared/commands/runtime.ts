import { z } from 'zod';
import { runtimeSchema } from '../world/runtime.ts';
import { command } from './command.ts';

export const runtimeCommands = {
  /** Asks the runtime and its own tools anew. */
  'runtime.status': command({
    input: z.strictObject({}),
    output: runtimeSchema,
    cli: { words: 'runtime status' },
  }),
  /** Answers when it is up, or says by name why it is not. */
  'runtime.start': command({
    input: z.strictObject({}),
    output: runtimeSchema,
    cli: { words: 'runtime start' },
    renderer: true,
  }),
  /** Only this gives its RAM back. */
  'runtime.stop': command({
    input: z.strictObject({
      /** Although containers of others run in it. */
      force: z.boolean().default(false),
      /** Clusters of Tandem's that run in it are stopped first. */
      yes: z.boolean().default(false),
    }),
    output: runtimeSchema,
    cli: { words: 'runtime stop' },
    renderer: true,
  }),
};
