import { runtimeTitle, type Runtime } from '../../src-shared/world/runtime.ts';
import { sentence, type Sentence } from '../../src-shared/world/sentence.ts';

/** What a stop of the runtime is asked with, and what has to be said, and agreed to, before it. */
export interface StopAsk {
  readonly request: { readonly force: boolean; readonly yes: boolean };
  /** Null: nothing runs in it, and nothing is asked. */
  readonly question: Sentence | null;
}

/** So many names fit; their number is in the facts above. */
const NAMED = 5;

/**
 * A stop never ends what somebody was not told of: containers of others need a `force`, own clusters a `yes`, and each is
 * given only with the sentence that names them.
 */
export function stopAsk(runtime: Runtime): StopAsk {
  const { containers } = runtime;
  const words = { runtime: runtimeTitle(runtime) };
  if (containers === null)
    return { request: { force: true, yes: true }, question: sentence('runtime.ask.unknown', words) };
  const { ours, others } = containers;
  const request = { force: others > 0, yes: ours > 0 };
  if (others === 0) return { request, question: ours === 0 ? null : sentence('runtime.ask.ours', words) };
  const key = ours === 0 ? 'runtime.ask.others' : 'runtime.ask.both';
  return { request, question: sentence(key, { ...words, names: namesOf(containers) }) };
}

function namesOf({ names, others }: NonNullable<Runtime['containers']>): string {
  const shown = names.slice(0, NAMED);
  return shown.join(', ') + (others > shown.length ? ', …' : '');
}

/** Its machine's memory comes back by a stop, and by nothing else; containers on this very kernel hold none of their own. */
export function canStop({ name, state, vm }: Runtime): boolean {
  return state === 'running' && vm !== null && name !== null && name !== 'other';
}
