// Entry of the `tandem` command.
import { CommanderError } from 'commander';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildProgram, exitCodeOfUsage, type Typed } from './program.ts';
import { engineProgram } from './reach-engine.ts';
import { runVerb } from './run-verb.ts';

async function run(typed: Typed): Promise<void> {
  if (typed.method === 'engine') return runEngine(typed);
  if (typed.method === 'demo') return runDemo(typed);
  process.exitCode = await runVerb({ ...typed, method: typed.method });
}

/** The built-in pair is a program of its own; it stands beside ours in every build. */
const demoProgram = fileURLToPath(new URL('demo.js', import.meta.url));

function runEngine({ flags, terminal }: Typed): Promise<void> {
  return become(engineProgram, [given(flags, 'role'), terminal.json ? '--json' : '']);
}

function runDemo({ flags, terminal }: Typed): Promise<void> {
  const switches = ['headless', 'fast', 'control'].map((name) => (flags[name] === true ? `--${name}` : ''));
  return become(demoProgram, [
    ...switches,
    given(flags, 'load'),
    given(flags, 'front'),
    terminal.json ? '--json' : '',
  ]);
}

function given(flags: Readonly<Record<string, unknown>>, name: string): string {
  const value = flags[name];
  return typeof value === 'string' ? `--${name}=${value}` : '';
}

/** Another program of ours runs in this very process, so that its pid is ours. */
async function become(program: string, args: readonly string[]): Promise<void> {
  process.argv = [process.argv[0] ?? 'node', program, ...args.filter((arg) => arg !== '')];
  await import(/* @vite-ignore */ pathToFileURL(program).href);
}

const wantsJson = process.argv.includes('--json');
// `tandem status | head` closes our output early: that is no error.
process.stdout.on('error', () => process.exit(0));
buildProgram(run, wantsJson)
  // Said outright: commander would see Electron's version in the package, and cut argv elsewhere.
  .parseAsync(process.argv, { from: 'node' })
  .catch((error: unknown) => {
    if (error instanceof CommanderError) process.exitCode = exitCodeOfUsage(error, wantsJson);
    else throw error;
  });
