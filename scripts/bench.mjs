// `npm run bench -- NAME [argument...]`: one benchmark of scripts/bench; it prints JSON lines.
import { existsSync, readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { inRoot } from './lib/repo.mjs';
import { CannotGoOn, runScript } from './lib/say.mjs';
import { ensurePackages } from './setup/packages.mjs';

await runScript(async () => {
  const [name = ''] = process.argv.splice(2, 1);
  const folder = inRoot('scripts/bench');
  const names = (existsSync(folder) ? readdirSync(folder) : []).flatMap(
    (file) => /^(.+)\.mjs$/.exec(file)?.[1] ?? [],
  );
  if (!names.includes(name)) {
    throw new CannotGoOn(`Which benchmark? There are: ${names.join(', ') || 'none yet'}.`);
  }
  await ensurePackages();
  // It finds its own arguments where it would if it had been started by itself.
  await import(pathToFileURL(inRoot('scripts/bench', `${name}.mjs`)).href);
});
