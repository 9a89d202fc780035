import type { Method } from '../../src-shared/commands/registry.ts';
import { runtimeTitle, type Runtime } from '../../src-shared/world/runtime.ts';
import { ask } from '../ask.ts';
import type { Verb, VerbContext } from '../verb.ts';
import { runtimeLines } from '../view/runtime-lines.ts';

function show(runtime: Runtime, { terminal: { print, t } }: VerbContext): void {
  for (const line of runtimeLines(runtime, { t, now: new Date() })) print(line);
}

function remark({ terminal }: VerbContext, key: 'cli.runtime.starting' | 'cli.runtime.stopping'): void {
  if (!terminal.json) terminal.note(terminal.t(key));
}

export const runtimeVerbs = {
  'runtime.status': { show } satisfies Verb<'runtime.status'>,
  'runtime.start': {
    before: async (input, context) => {
      remark(context, 'cli.runtime.starting');
      return input;
    },
    show,
  } satisfies Verb<'runtime.start'>,
  'runtime.stop': {
    // Without a yes the engine refuses it by name; containers of others are never asked about: they need --force.
    before: async (input, context) => {
      const { client, terminal } = context;
      const seen = await client.call('runtime.status', {});
      const ours = seen.ok ? (seen.value.containers?.ours ?? 0) : 0;
      const question = (runtime: Runtime): string =>
        terminal.t('cli.runtime.ask', { runtime: runtimeTitle(runtime) });
      const mayAsk = seen.ok && ours > 0 && input.yes !== true && !terminal.json;
      const yes = input.yes === true || (mayAsk && (await ask(question(seen.value))));
      remark(context, 'cli.runtime.stopping');
      return { ...input, yes };
    },
    show,
  } satisfies Verb<'runtime.stop'>,
} satisfies { [M in Method]?: Verb<M> };
