import type { HistoryRecord } from '../../src-shared/commands/housekeeping.ts';
import type { Input, Method } from '../../src-shared/commands/registry.ts';
import { connectToEngine } from '../../src-engine/platform/engine-client.ts';
import { homeFromEnvironment } from '../../src-engine/platform/home.ts';
import { ask } from '../ask.ts';
import { settingFrom } from '../setting-word.ts';
import { EXIT } from '../terminal.ts';
import type { Verb, VerbContext } from '../verb.ts';
import { doctorLines } from '../view/doctor-lines.ts';

export const housekeepingVerbs = {
  'history.list': {
    extraFlags: ['follow'],
    run: async (input, context) =>
      context.flags['follow'] === true ? follow(input, context) : list(input, context),
    show: () => undefined,
  } satisfies Verb<'history.list'>,
  'history.report': {
    show: ({ record, corrections, markdown }, { terminal }) => {
      if (markdown === null) {
        terminal.print(lineOf(record));
        terminal.print(JSON.stringify(record.evidence, null, 2));
      } else terminal.print(markdown.trimEnd());
      for (const correction of corrections)
        terminal.print(terminal.t('cli.history.corrected', { line: lineOf(correction) }));
    },
  } satisfies Verb<'history.report'>,
  'settings.get': {
    show: ({ value }, { terminal }) =>
      terminal.print(typeof value === 'string' ? value : JSON.stringify(value, null, 2)),
    document: ({ value }) => value,
  } satisfies Verb<'settings.get'>,
  'settings.set': {
    before: async (input) => ({ ...input, value: settingFrom(input.key, input.value) }),
    show: ({ key, value, needsRestart }, { terminal }) => {
      terminal.print(`${key} = ${JSON.stringify(value)}`);
      if (needsRestart) terminal.note(terminal.t('cli.settings.restart'));
    },
  } satisfies Verb<'settings.set'>,
  'automation.pause': {
    show: ({ pausedUntil }, { terminal }) =>
      terminal.print(
        terminal.t('cli.status.paused', {
          until: pausedUntil === null ? '?' : new Date(pausedUntil).toLocaleString(),
        }),
      ),
  } satisfies Verb<'automation.pause'>,
  'automation.resume': {
    show: ({ enabled }, { terminal }) =>
      terminal.print(terminal.t(enabled ? 'cli.automation.on' : 'cli.automation.off')),
  } satisfies Verb<'automation.resume'>,
  'doctor.run': {
    show: ({ checks, recorded }, { terminal: { print, t } }) => {
      for (const line of doctorLines(checks, t)) print(line);
      if (recorded !== null) print(t('cli.doctor.recorded', { file: recorded }));
    },
  } satisfies Verb<'doctor.run'>,
  'reset.run': {
    before: async (input, { terminal }) => {
      if (!input.yes && !(await ask(terminal.t('cli.reset.ask', { home: homeFromEnvironment().root }))))
        return input;
      await stopEngine();
      return { yes: true };
    },
    show: ({ removed, kept }, { terminal: { print, t } }) => {
      for (const what of removed) print(t('cli.reset.removed', { what }));
      for (const what of kept) print(t('cli.reset.kept', { what }));
      if (removed.length === 0) print(t('cli.reset.nothing'));
    },
  } satisfies Verb<'reset.run'>,
} satisfies { [M in Method]?: Verb<M> };

async function list(input: Input<'history.list'>, { client, terminal }: VerbContext): Promise<number> {
  const answer = await client.call('history.list', input);
  if (!answer.ok) return terminal.fail(answer.error);
  for (const record of answer.value.records) printRecord(record, terminal);
  return EXIT.done;
}

/** Prints what there is, and each new record until Ctrl-C. Only an engine makes new ones. */
async function follow(input: Input<'history.list'>, context: VerbContext): Promise<number> {
  const { client, terminal } = context;
  const engine = await connectToEngine(homeFromEnvironment());
  if (!engine.ok) return terminal.fail(engine.error);
  engine.value.close();
  if (input.since !== undefined) {
    const listed = await list(input, context);
    if (listed !== EXIT.done) return listed;
  }
  client.on('history.added', (record) => printRecord(record, terminal));
  const answer = await client.call('history.follow', {});
  if (!answer.ok) return terminal.fail(answer.error);
  const interrupted = new Promise<boolean>((resolve) => process.once('SIGINT', () => resolve(true)));
  const done = await Promise.race([interrupted, client.closed.then(() => false)]);
  return done ? EXIT.done : terminal.fail({ code: 'engineLost', params: {} });
}

function printRecord(record: HistoryRecord, terminal: VerbContext['terminal']): void {
  if (terminal.json) terminal.document(record);
  else terminal.print(lineOf(record));
}

function lineOf({ at, id, what, why }: HistoryRecord): string {
  return `${new Date(at).toLocaleString()}  ${what}${why === null ? '' : ` (${why})`}  ${id}`;
}

/** Asks a running engine to end, and waits until it has. */
async function stopEngine(): Promise<void> {
  const connected = await connectToEngine(homeFromEnvironment());
  if (!connected.ok) return;
  await connected.value.call('engine.stop', {});
  await connected.value.closed;
  // Its lock is released right after the door has closed.
  await new Promise((resolve) => setTimeout(resolve, 200));
}
