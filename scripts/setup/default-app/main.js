// Starts the app that stands on Electron's command line: `electron [switches] [-r MODULE]... APP`.
// Part of the test Electron, whose own default app is another product.
import { app } from 'electron';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const fromHere = createRequire(join(process.cwd(), 'here.js'));

/** The modules to load first (Playwright's loader comes as one) and the app. */
function readCommandLine([argument, ...rest], preloads = []) {
  if (argument === undefined) return { preloads, target: null };
  if (argument === '-r' || argument === '--require')
    return readCommandLine(rest.slice(1), [...preloads, rest[0]]);
  if (argument.startsWith('-')) return readCommandLine(rest, preloads);
  return { preloads, target: resolve(argument) };
}

/** Gives the app its own name and version, as a packaged one has them. */
function present(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  app.name = manifest.productName ?? manifest.name ?? app.name;
  if (manifest.version) app.setVersion(manifest.version);
  app.setDesktopName(`${app.name}.desktop`);
  app.setAppPath(folder);
}

async function start() {
  const { preloads, target } = readCommandLine(process.argv.slice(1));
  if (target === null) throw new Error('usage: electron [switches] [-r MODULE] APP');
  for (const module of preloads) fromHere(module);
  Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
  const entry = fromHere.resolve(target);
  if (existsSync(join(target, 'package.json'))) present(target);
  else app.setAppPath(dirname(entry));
  // Awaited, as a packaged start does: an entry that awaits app.whenReady() hangs here as it would there.
  await import(pathToFileURL(entry).href);
}

try {
  await start();
} catch (error) {
  console.error(error);
  process.exit(1);
}
