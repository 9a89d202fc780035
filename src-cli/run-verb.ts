import type { Input, Method, Output } from '../src-shared/commands/registry.ts';
import { awaitEngine, reachEngine, startEngine } from './reach-engine.ts';
import type { Typed } from './program.ts';
import { EXIT } from './terminal.ts';
import type { VerbContext } from './verb.ts';
import { verbFor } from './verbs/verbs.ts';

const ENGINE_START_MS = 20_000;

/** Carries out one verb; returns its exit code. */
export async function runVerb(typed: Typed & { method: Method }): Promise<number> {
  const own = typed.flags['start-engine'] === true ? startEngine() : null;
  if (own !== null) (await awaitEngine(ENGINE_START_MS))?.close();
  const reached = await reachEngine(typed.method);
  if (!reached.ok) return typed.terminal.fail(reached.error);
  const context: VerbContext = { terminal: typed.terminal, client: reached.value, flags: typed.flags };
  try {
    return await carryOut(typed.method, typed.input as Input<Method>, context);
  } finally {
    reached.value.close();
    own?.kill('SIGTERM');
  }
}

async function carryOut<M extends Method>(
  method: M,
  typedInput: Input<M>,
  context: VerbContext,
): Promise<number> {
  const { terminal, client } = context;
  const verb = verbFor(method);
  if (verb.run !== undefined) return verb.run(typedInput, context);
  const input = verb.before === undefined ? typedInput : await verb.before(typedInput, context);
  if (input === null) return EXIT.refused;
  const result = await client.call(method, input);
  if (!result.ok) return terminal.fail(result.error);
  const output: Output<M> = result.value;
  if (terminal.json) terminal.document(verb.document === undefined ? output : verb.document(output));
  else await verb.show(output, context);
  return EXIT.done;
}
