// Entry of the `tandem` command.
import { CommanderError } from 'commander';
import { pathToFileURL } from 'node:url';
import { buildProgram, exitCodeOfUsage, type Typed } from './program.ts';
import { engineProgram } from './reach-engine.ts';
import { runVerb } from './run-verb.ts';

async function run(typed: Typed): Promise<void> {
  if (typed.method === 'engine') return runEngine(typed);
  process.exitCode = await runVerb({ ...typed, method: typed.method });
}

/** The engine runs in this very process, so that its pid is ours. */
async function runEngine({ flags, terminal }: Typed): Promise<void> {
  const args = [
    terminal.json ? '--json' : '',
    typeof flags['role'] === 'string' ? `--role=${flags['role']}` : '',
  ];
  process.argv = [process.argv[0] ?? 'node', engineProgram, ...args.filter((arg) => arg !== '')];
  await import(/* @vite-ignore */ pathToFileURL(engineProgram).href);
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
