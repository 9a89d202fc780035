import { Command as Program, Option } from 'commander';
import type { Command } from '../src-shared/commands/command.ts';
import { commands, type Method } from '../src-shared/commands/registry.ts';
import { isMessageKey } from '../src-shared/language/translate.ts';
import { version } from '../src-shared/version.ts';
import { inputFrom, inputOptions, type InputOption } from './input-options.ts';
import { EXIT, terminal, type Terminal } from './terminal.ts';
import { extraFlagsOf } from './verbs/verbs.ts';

/** A verb as it was typed. */
export interface Typed {
  readonly method: Method | 'engine' | 'demo';
  readonly input: Record<string, unknown>;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly terminal: Terminal;
}

/** The command line, derived from the registry: verbs, positionals, flags. */
export function buildProgram(run: (typed: Typed) => Promise<void>, json: boolean): Program {
  const { t } = terminal(false);
  const program = new Program('tandem')
    .description(t('cli.about'))
    .version(version)
    .option('--json', t('cli.json'));
  program.exitOverride().enablePositionalOptions(false).showHelpAfterError(t('cli.tryHelp'));
  // With --json an error is one document, and nothing else.
  if (json) program.configureOutput({ writeErr: () => undefined });
  addEngine(program, run);
  addPair(program, run);
  addDemo(program, run);
  for (const method of Object.keys(commands) as Method[]) {
    const command: Command = commands[method];
    if (command.cli !== undefined) addVerb(program, method, command, run);
  }
  return program;
}

function addEngine(program: Program, run: (typed: Typed) => Promise<void>): void {
  const { t } = terminal(false);
  program
    .command('engine')
    .description(t('verb.engine'))
    .addOption(new Option('--role <role>').choices(['core', 'edge', 'single']))
    .option('--json', t('cli.json'))
    .action((flags: Record<string, unknown>) =>
      run({ method: 'engine', input: {}, flags, terminal: terminal(wantsJson(program, flags)) }),
    );
}

/** Both halves of a pairing are one verb for people: without HOST this Mac waits, with it it calls. */
function addPair(program: Program, run: (typed: Typed) => Promise<void>): void {
  const { t } = terminal(false);
  program
    .command('pair')
    .description(t('verb.pair'))
    .argument('[host]')
    .option('--yes', flagText('yes'))
    .option('--json', t('cli.json'))
    .action((host: string | undefined, flags: Record<string, unknown>) =>
      run({
        method: 'pair.open',
        input: {},
        flags: { ...flags, host },
        terminal: terminal(wantsJson(program, flags)),
      }),
    );
}

function addDemo(program: Program, run: (typed: Typed) => Promise<void>): void {
  const { t } = terminal(false);
  program
    .command('demo')
    .description(t('verb.demo'))
    .option('--headless', flagText('headless'))
    .option('--load <load>', flagText('load'))
    .addOption(new Option('--front <front>', flagText('front')).choices(['auto', 'haproxy', 'embedded']))
    .option('--fast', flagText('fast'))
    .option('--control', flagText('control'))
    .option('--json', t('cli.json'))
    .action((flags: Record<string, unknown>) =>
      run({ method: 'demo', input: {}, flags, terminal: terminal(wantsJson(program, flags)) }),
    );
}

function addVerb(
  program: Program,
  method: Method,
  command: Command,
  run: (typed: Typed) => Promise<void>,
): void {
  const { t } = terminal(false);
  const verb = wordsAt(program, command.cli?.words.split(' ') ?? []);
  const key = `verb.${method}`;
  verb.description(isMessageKey(key) ? t(key) : method).option('--json', t('cli.json'));
  const options = inputOptions(command);
  for (const option of options) addOption(verb, option);
  for (const flag of extraFlagsOf(method)) verb.option(`--${flag}`, flagText(flag));
  const positionals = options.filter(({ positional }) => positional);
  verb.action(async (...args: unknown[]) => {
    const flags = args[positionals.length] as Record<string, unknown>;
    const given = {
      ...flags,
      ...Object.fromEntries(positionals.map(({ key: name }, index) => [name, args[index]])),
    };
    const json = wantsJson(program, flags);
    await run({ method, input: inputFrom(options, given), flags: kebab(flags), terminal: terminal(json) });
  });
}

/** `tandem --json status` and `tandem status --json` are the same. */
function wantsJson(program: Program, flags: Readonly<Record<string, unknown>>): boolean {
  return flags['json'] === true || program.opts()['json'] === true;
}

function flagText(flag: string): string {
  const key = `flag.${flag}`;
  return isMessageKey(key) ? terminal(false).t(key) : '';
}

function addOption(verb: Program, { key, kind, positional, required, choices }: InputOption): void {
  if (positional) {
    verb.argument(required ? `<${key}>` : `[${key}]`);
    return;
  }
  const option = new Option(kind === 'flag' ? `--${key}` : `--${key} <${key}>`, flagText(key));
  if (choices !== null) option.choices([...choices]);
  verb.addOption(option);
}

/** `cluster create`: the group is made when its first verb comes. */
function wordsAt(program: Program, words: readonly string[]): Program {
  return words.reduce(
    (at, word) => at.commands.find((existing) => existing.name() === word) ?? at.command(word),
    program,
  );
}

/** commander writes `startEngine`; our flags are named as typed. */
function kebab(flags: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(flags).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      value,
    ]),
  );
}

/** commander's own exits: help is no error, everything else is wrong usage, said in the form that was asked for. */
export function exitCodeOfUsage(error: { exitCode: number; message: string }, json: boolean): number {
  if (error.exitCode === 0) return EXIT.done;
  if (json)
    terminal(true).fail({ code: 'badArguments', params: { detail: error.message.replace(/^error: /, '') } });
  return EXIT.usage;
}
