// electron-builder's hook between packing and signing: puts right what its settings cannot.
const { readFile, rm, writeFile } = require('node:fs/promises');
const { join } = require('node:path');

/** Our pages and our engine need no exception from transport security, but electron-builder writes one after extendInfo. */
async function forbidArbitraryLoads(app) {
  const file = join(app, 'Contents/Info.plist');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/(<key>NSAllowsArbitraryLoads<\/key>\s*)<true\s*\/>/, '$1<false/>'));
}

/** What a folder of Electron holds beside the app; electron-builder removes it only from a zip that it unpacked itself. */
async function removeLeftovers(folder) {
  for (const name of ['resources/default_app.asar', 'version']) await rm(join(folder, name), { force: true });
}

exports.default = async function afterPack({ appOutDir, electronPlatformName, packager }) {
  if (electronPlatformName === 'darwin') {
    await forbidArbitraryLoads(join(appOutDir, `${packager.appInfo.productFilename}.app`));
  }
  if (electronPlatformName === 'linux') await removeLeftovers(appOutDir);
};
