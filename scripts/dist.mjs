// `npm run dist`: the macOS package, made and checked on a Mac.
import { inRoot } from './lib/repo.mjs';
import { bin, run } from './lib/run.mjs';
import { CannotGoOn, runScript, say } from './lib/say.mjs';
import { ensurePackages } from './setup/packages.mjs';

async function step(name, program, args) {
  say(`dist: ${name}`);
  const { code } = await run(program, args, { show: 'all' });
  if (code !== 0) throw new CannotGoOn(`The package cannot be made: "${name}" failed, see the lines above.`);
}

await runScript(async () => {
  if (process.platform !== 'darwin') {
    throw new CannotGoOn('The package for macOS is made on a Mac: run "npm run dist" there.');
  }
  await ensurePackages();
  await step('build', process.execPath, [inRoot('scripts/build.mjs')]);
  await step('pack', bin('electron-builder'), ['--mac', '--arm64', '--publish', 'never']);
  const app = inRoot('release/mac-arm64/Tandem.app');
  await step('check the signature', '/usr/bin/codesign', ['--verify', '--deep', '--strict', app]);
  say('dist: the package is in release/');
});
