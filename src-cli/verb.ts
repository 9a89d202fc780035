import type { Input, Method, Output } from '../src-shared/commands/registry.ts';
import type { EngineClient } from '../src-engine/platform/engine-client.ts';
import type { Terminal } from './terminal.ts';

/** What a verb's own file may add to the plain call: how it asks, follows and prints. */
export interface Verb<M extends Method> {
  /** Flags that belong to the command line alone. */
  readonly extraFlags?: readonly string[];
  /** Before the call: confirm, start following. Null ends it with that exit code. */
  readonly before?: (input: Input<M>, context: VerbContext) => Promise<Input<M> | null>;
  /** Instead of the plain call. Returns the exit code. */
  readonly run?: (input: Input<M>, context: VerbContext) => Promise<number>;
  /** What people read; `--json` prints the output as it is. */
  readonly show: (output: Output<M>, context: VerbContext) => void | Promise<void>;
  /** The document of `--json`, when it is not the output itself. */
  readonly document?: (output: Output<M>) => unknown;
}

export interface VerbContext {
  readonly terminal: Terminal;
  readonly client: EngineClient;
  /** Extra flags that were given. */
  readonly flags: Readonly<Record<string, unknown>>;
}
