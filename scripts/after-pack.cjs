// electron-builder's hook between packing and signing: puts right what its settings cannot.
const { readFile, rename, rm, stat, writeFile } = require('node:fs/promises');
const { join } = require('node:path');
const { uuidOf, withUuid } = require('./mach-uuid.cjs');

/** Our pages and our engine need no exception from transport security, but electron-builder writes one after extendInfo. */
async function forbidArbitraryLoads(app) {
  const file = join(app, 'Contents/Info.plist');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/(<key>NSAllowsArbitraryLoads<\/key>\s*)<true\s*\/>/, '$1<false/>'));
}

/**
 * Electron's main program has the same LC_UUID in every app of one version, and macOS remembers by it who may use
 * the local network: another app's "no" would be ours. The same id gives the same UUID in every version of ours, so
 * that an update keeps the "yes". The engine runs on this very program (ELECTRON_RUN_AS_NODE) and holds every socket
 * of the link; the helpers hold none, and stay as they are.
 */
async function giveOwnUuid(program, appId) {
  const original = await readFile(program);
  const { mode } = await stat(program);
  // A file of its own, moved into place: macOS remembers a signature by the file that it read it from.
  const beside = `${program}.own-uuid`;
  await writeFile(beside, withUuid(original, uuidOf(appId)), { mode });
  await rename(beside, program);
}

/** What a folder of Electron holds beside the app; electron-builder removes it only from a zip that it unpacked itself. */
async function removeLeftovers(folder) {
  for (const name of ['resources/default_app.asar', 'version']) await rm(join(folder, name), { force: true });
}

exports.default = async function afterPack({ appOutDir, electronPlatformName, packager }) {
  if (electronPlatformName === 'darwin') {
    const { id, productFilename } = packager.appInfo;
    const app = join(appOutDir, `${productFilename}.app`);
    await forbidArbitraryLoads(app);
    await giveOwnUuid(join(app, 'Contents/MacOS', productFilename), id);
  }
  if (electronPlatformName === 'linux') await removeLeftovers(appOutDir);
};
