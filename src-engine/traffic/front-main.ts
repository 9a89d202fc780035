// out/engine/front.js: the core's front, its passage behind a gateway, or the edge's gate, as a process that outlives
// the engine.
import { parseArgs } from 'node:util';
import { runFront } from './front/front-program.ts';
import { runGate } from './gate/gate-program.ts';

const text = { type: 'string', default: '' } as const;
const { values } = parseArgs({ options: { mode: text, home: text, config: text, socket: text } });
const options = { configFile: values.config, socket: values.socket, home: values.home };
const isWhole = [values.home, values.config, values.socket].every((value) => value !== '');

async function main(): Promise<void> {
  // Sockets, logs and reports are this user's alone.
  process.umask(0o077);
  if (isWhole && values.mode === 'gate') return runGate(options);
  if (isWhole && (values.mode === 'front' || values.mode === 'passage')) {
    // Resolves when it was told to end and has.
    await runFront({ ...options, name: values.mode });
    process.exit(0);
  }
  console.error('usage: front.js --mode=front|passage|gate --home=DIR --config=FILE --socket=PATH');
  process.exit(2);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
