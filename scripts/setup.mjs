// Makes a clone ready: npm packages, system libraries, an Electron. Quick when all of it is there.
// usage: node scripts/setup.mjs [--packages-only] [--retry]
import { parseArgs } from 'node:util';
import { CannotGoOn, runScript, say } from './lib/say.mjs';
import { ensureElectron } from './setup/electron.mjs';
import { ensurePackages } from './setup/packages.mjs';
import { ensureSystemLibraries } from './setup/system-libraries.mjs';

const { values: flags } = parseArgs({
  options: { 'packages-only': { type: 'boolean' }, retry: { type: 'boolean' } },
});

await runScript(async () => {
  await ensurePackages();
  if (flags['packages-only']) return;
  const libraries = await ensureSystemLibraries({ tests: true });
  if (libraries !== null) throw new CannotGoOn(libraries);
  const electron = await ensureElectron({ retry: flags.retry });
  if ('why' in electron) throw new CannotGoOn(electron.why);
  say(`set-up: done, with ${electron.official ? 'Electron' : 'the test Electron'}`);
});
