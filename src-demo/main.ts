// The built-in pair: `tandem demo` runs this program.
import { parseArgs } from 'node:util';
import { runBroom } from './broom.ts';
import { runDemo } from './demo.ts';
import { demoOptions } from './options.ts';
import { teller } from './tell.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    headless: { type: 'boolean' },
    load: { type: 'string' },
    front: { type: 'string' },
    fast: { type: 'boolean' },
    control: { type: 'boolean' },
    /** Our own second process (broom.ts). */
    broom: { type: 'boolean' },
  },
});

async function main(): Promise<number> {
  const options = demoOptions(values);
  if (options === null) {
    process.stderr.write('tandem demo: --load takes 0 to 5000, --front takes auto, haproxy or embedded.\n');
    return 2;
  }
  const stop = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    // Who read what it says is gone.
    process.stdout.on('error', () => resolve());
  });
  try {
    return (await runDemo(options, teller(options.json), stop)) ? 0 : 1;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      options.json
        ? `${JSON.stringify({ error: { code: 'internal', message, hint: '' } })}\n`
        : `${message}\n`,
    );
    return 1;
  }
}

process.umask(0o077);
void (values.broom === true ? runBroom(process.stdin) : main()).then((code) => process.exit(code));
