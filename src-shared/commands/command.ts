import type { z } from 'zod';

/** How a verb looks on the command line; its flags come from the input schema. */
export interface CommandLineShape {
  /** Words after `tandem`; the method's words unless told otherwise. */
  readonly words: string;
  /** Keys of the input that are written without a flag, in order. */
  readonly positionals?: readonly string[];
  /** Works on the files of the home when no engine runs (design decision 19). */
  readonly offline?: true;
}

/** One verb: the socket door, the bridge, the renderer's client, the CLI and the test doubles derive from it. */
export interface Command<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly input: Input;
  readonly output: Output;
  /** Present when people type it. */
  readonly cli?: CommandLineShape;
  /** True when the renderer may call it; everything else is refused at the bridge. */
  readonly renderer?: true;
}

export function command<Input extends z.ZodType, Output extends z.ZodType>(
  spec: Command<Input, Output>,
): Command<Input, Output> {
  return spec;
}
