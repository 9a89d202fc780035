// `npm run bench -- NAME [argument...]`: one benchmark of scripts/bench; it prints JSON lines
// {bench, metric, value, unit, peer?}, ours and its peer's from the same run.
import { readdirSync } from 'node:fs';
import { runOnDesktop } from './lib/on-desktop.mjs';
import { inRoot } from './lib/repo.mjs';
import { CannotGoOn, runScript } from './lib/say.mjs';

await runScript(async () => {
  const [name = '', ...args] = process.argv.slice(2);
  const names = readdirSync(inRoot('scripts/bench')).flatMap(
    (file) => /^(.+)\.bench\.ts$/.exec(file)?.[1] ?? [],
  );
  if (!names.includes(name)) throw new CannotGoOn(`Which benchmark? There are: ${names.join(', ')}.`);
  process.exitCode = await runOnDesktop(inRoot('scripts/bench', `${name}.bench.ts`), args);
});
