import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where the fuses stand in a binary, and their states in an Electron as it is published (version 1, eight fuses). */
const FUSE_WIRE = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 8]),
  Buffer.from('10110001'),
]);

/** Every program of an Electron carries one of its version's, the same in every app. */
export const ELECTRON_UUID = '4c4c44a15555314ba1aabbccddeeff00';

/** A Mach-O header (64 bits, arm64) with LC_UUID as its one load command, and no code. */
function hollowProgram(): Buffer {
  const header = Buffer.alloc(32);
  header.writeUInt32LE(0xfeedfacf, 0);
  header.writeUInt32LE(0x01_00_00_0c, 4);
  header.writeUInt32LE(2, 12);
  header.writeUInt32LE(1, 16);
  header.writeUInt32LE(24, 20);
  const uuid = Buffer.alloc(8);
  uuid.writeUInt32LE(0x1b, 0);
  uuid.writeUInt32LE(24, 4);
  return Buffer.concat([header, uuid, Buffer.from(ELECTRON_UUID, 'hex'), Buffer.from('hollow')]);
}

/**
 * A macOS Electron with every folder and list of properties in its place, and no code: it cannot run.
 * On Linux it lets electron-builder make our bundle, so that its properties, fuses and asar hash can be checked.
 */
export async function writeHollowElectronApp(folder: string, version: string): Promise<void> {
  const app = join(folder, 'Electron.app');
  const helpers = ['', ' (GPU)', ' (Plugin)', ' (Renderer)'].map((suffix) => `Electron Helper${suffix}`);
  await writeBundle(app, 'Electron', 'com.github.Electron', version);
  for (const helper of helpers) {
    const bundle = join(app, `Contents/Frameworks/${helper}.app`);
    await writeBundle(bundle, helper, 'com.github.Electron.helper', version);
  }
  const framework = 'Electron.app/Contents/Frameworks/Electron Framework.framework';
  const files: Record<string, string | Buffer> = {
    [`${framework}/Electron Framework`]: FUSE_WIRE,
    ...languages(`${framework}/Versions/A/Resources`, ['en', 'ko', 'fr']),
    'Electron.app/Contents/Resources/electron.icns': 'icns',
    'Electron.app/Contents/Resources/en.lproj/locale.pak': '',
    LICENSE: '',
    'LICENSES.chromium.html': '',
    version,
  };
  for (const [name, content] of Object.entries(files)) await write(join(folder, name), content);
}

function languages(folder: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`${folder}/${name}.lproj/locale.pak`, '']));
}

async function writeBundle(bundle: string, name: string, id: string, version: string): Promise<void> {
  await write(join(bundle, 'Contents/MacOS', name), hollowProgram(), 0o755);
  await write(
    join(bundle, 'Contents/Info.plist'),
    propertyList({
      CFBundleDisplayName: name,
      CFBundleExecutable: name,
      CFBundleIdentifier: id,
      CFBundleName: name,
      CFBundlePackageType: 'APPL',
      CFBundleShortVersionString: version,
      CFBundleVersion: version,
    }),
  );
}

function propertyList(values: Readonly<Record<string, string>>): string {
  const entries = Object.entries(values).map(([key, value]) => `<key>${key}</key><string>${value}</string>`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    `<plist version="1.0"><dict>${entries.join('')}</dict></plist>`,
  ].join('\n');
}

async function write(file: string, content: string | Buffer, mode = 0o644): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content, { mode });
}
