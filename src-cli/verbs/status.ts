import type { World } from '../../src-shared/world/world.ts';
import { EXIT } from '../terminal.ts';
import type { Verb, VerbContext } from '../verb.ts';
import { fullScreen } from '../view/full-screen.ts';
import { statusLines } from '../view/status-lines.ts';

export const statusVerb: Verb<'status.get'> = {
  extraFlags: ['watch', 'start-engine'],
  run: async (_input, context) => (context.flags['watch'] === true ? watch(context) : once(context)),
  show: () => undefined,
};

async function once(context: VerbContext): Promise<number> {
  const world = await context.client.call('status.get', {});
  if (!world.ok) return context.terminal.fail(world.error);
  print(world.value, context);
  return EXIT.done;
}

function print(world: World, { terminal }: VerbContext): void {
  if (terminal.json) terminal.document(world);
  else for (const line of statusLines(world, terminal.t, new Date())) terminal.print(line);
}

/** A document per change, or on a terminal one screen that stays. Ends with the engine, or on Ctrl-C. */
async function watch(context: VerbContext): Promise<number> {
  const { client, terminal } = context;
  const screen = !terminal.json && process.stdout.isTTY ? fullScreen(process.stdout) : null;
  const draw = (world: World): void =>
    screen === null
      ? print(world, context)
      : screen.draw([...statusLines(world, terminal.t, new Date()), '', terminal.t('cli.watch.keys')]);
  client.on('status.changed', draw);
  const first = await client.call('status.subscribe', { live: true });
  if (first.ok) draw(first.value);
  let release = (): void => undefined;
  const interrupted = new Promise<'interrupted'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('interrupted'));
    if (screen !== null) release = onKey('q', () => resolve('interrupted'));
  });
  const how = await Promise.race([interrupted, client.closed]);
  release();
  screen?.close();
  return first.ok
    ? how === 'interrupted'
      ? EXIT.done
      : terminal.fail({ code: 'engineLost', params: {} })
    : terminal.fail(first.error);
}

/** Returns a function that gives the keyboard back. */
function onKey(key: string, act: () => void): () => void {
  if (!process.stdin.isTTY) return () => undefined;
  process.stdin.setRawMode(true);
  process.stdin.on('data', (data: Buffer) => {
    const typed = data.toString();
    // In raw mode Ctrl-C is a key like others.
    if (typed === key || typed === '\u0003') act();
  });
  return () => {
    process.stdin.setRawMode(false);
    process.stdin.pause();
  };
}
