import { extractFile, getRawHeader, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDesktop } from '../doubles/desktop.ts';
import { checkout, electronProgram, environment, switches } from './harness.ts';
import { ELECTRON_UUID, writeHollowElectronApp } from './hollow-electron-app.ts';

const { uuidOf, uuidsOf } = createRequire(import.meta.url)('../../scripts/mach-uuid.cjs') as {
  uuidOf(appId: string): Buffer;
  uuidsOf(program: Buffer): string[];
};
const run = promisify(execFile);
const PACK_MS = 180_000;
/** A fuse's state in the wire is a digit. */
const ENABLED = '1'.charCodeAt(0);

/**
 * What the package may weigh, in KiB. Packages that the engine loads late have a file of their own. Of the engine and
 * the command line two thirds are our own words and code: they grow with what Tandem can do.
 */
const LIMITS: Readonly<Record<string, number>> = {
  'out/main/index.js': 1024,
  'out/engine/main.js': 1536,
  'out/engine/kubernetes-client.js': 2048,
  'out/engine/host-facts.js': 512,
  'out/engine/embedded-node.js': 512,
  'out/engine/front.js': 512,
  'out/engine/relay.js': 512,
  'out/engine/relay-kubernetes-client.js': 1024,
  'out/cli/main.js': 768,
  'out/cli/demo.js': 1024,
  'out/cli/demo-load.js': 512,
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tandem-package-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** electron-builder over this checkout, into a folder outside of it, with an Electron that is here already. */
async function pack(platform: 'linux' | 'mac', electronDist: string, version: string): Promise<string> {
  const output = join(folder, platform);
  await run(
    join(checkout, 'node_modules/.bin/electron-builder'),
    [
      `--${platform}`,
      'dir',
      platform === 'mac' ? '--arm64' : '--x64',
      '--publish=never',
      `-c.electronDist=${electronDist}`,
      `-c.electronVersion=${version}`,
      `-c.directories.output=${output}`,
    ],
    { cwd: checkout, timeout: PACK_MS },
  );
  return output;
}

async function fusesOf(program: string): Promise<Record<string, boolean>> {
  const wire = await getCurrentFuseWire(program);
  const states = new Map(Object.entries(wire));
  const on = (fuse: FuseV1Options): boolean => Number(states.get(String(fuse))) === ENABLED;
  return {
    runAsNode: on(FuseV1Options.RunAsNode),
    nodeOptions: on(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    nodeInspect: on(FuseV1Options.EnableNodeCliInspectArguments),
    cookieEncryption: on(FuseV1Options.EnableCookieEncryption),
    asarIntegrity: on(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    onlyFromAsar: on(FuseV1Options.OnlyLoadAppFromAsar),
    fileProtocol: on(FuseV1Options.GrantFileProtocolExtraPrivileges),
  };
}

const FUSES = {
  runAsNode: true,
  nodeOptions: false,
  nodeInspect: false,
  cookieEncryption: false,
  asarIntegrity: true,
  onlyFromAsar: true,
  fileProtocol: false,
};

describe('a Linux package, which runs', () => {
  let unpacked: string;
  let archive: string;

  beforeAll(async () => {
    const dist = dirname(electronProgram());
    const version = (await readFile(join(dist, 'version'), 'utf8')).replace(/^v/, '');
    unpacked = join(await pack('linux', dist, version), 'linux-unpacked');
    archive = join(unpacked, 'resources/app.asar');
  }, PACK_MS);

  test('has its fuses set, and nothing left of another app', async () => {
    expect(await fusesOf(join(unpacked, 'tandem'))).toEqual(FUSES);
    expect((await readdir(join(unpacked, 'resources'))).sort()).toEqual(['app.asar', 'bin']);
  });

  test('holds the bundles and nothing else', async () => {
    const inside = listPackage(archive, { isPack: false }).map((name) => name.slice(1));
    const files = inside.filter((name) => /\.\w+$/.test(name));
    const expected = [
      /^package\.json$/,
      /^out\/(main\/index|engine\/(main|embedded-node|front|relay|relay-kubernetes-client|kubernetes-client|host-facts|bonjour)|cli\/(main|demo|demo-load))\.js$/,
      /^out\/preload\/popover\.cjs$/,
      /^out\/renderer\/(\w+\.html|assets\/[\w-]+\.(js|css))$/,
      /^resources\/icons\/[\w-]+(@2x)?\.png$/,
    ];
    expect(files.filter((name) => !expected.some((pattern) => pattern.test(name)))).toEqual([]);
    for (const pattern of expected)
      expect(
        files.some((name) => pattern.test(name)),
        String(pattern),
      ).toBe(true);
    expect(inside.filter((name) => name.includes('node_modules'))).toEqual([]);
    const manifest = JSON.parse(extractFile(archive, 'package.json').toString()) as Record<string, unknown>;
    expect(manifest).toMatchObject({ productName: 'Tandem', main: 'out/main/index.js', type: 'module' });
  });

  test.each(Object.entries(LIMITS))('%s weighs at most %i KiB', async (name, limit) => {
    expect(extractFile(archive, name).length).toBe((await stat(join(checkout, name))).size);
    expect(extractFile(archive, name).length).toBeLessThanOrEqual(limit * 1024);
  });

  test('starts, shows its icon, and answers its own command line', { timeout: 60_000 }, async () => {
    const home = join(folder, 'home');
    await mkdir(home, { mode: 0o700 });
    const desktop = await startDesktop();
    try {
      await withPackagedApp(unpacked, home, async () => {
        const tray = await desktop.tray.nextItem();
        expect(await tray.tooltip()).toMatch(/\S/);
        await expect.poll(() => engineHomeBy(unpacked, home), { timeout: 20_000 }).toBe(home);
      });
    } finally {
      desktop.stop();
    }
  });
});

/** Runs the packaged app until `task` is done; it must have said that its icon is there. */
async function withPackagedApp(unpacked: string, home: string, task: () => Promise<void>): Promise<void> {
  const env = environment({ home, vitalsRoot: home, env: { TANDEM_ANNOUNCE: '1' } });
  const app = spawn(join(unpacked, 'tandem'), switches(home), { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = once(app, 'exit');
  let complaints = '';
  app.stderr.on('data', (data: Buffer) => (complaints += data.toString()));
  try {
    await new Promise<void>((resolve, reject) => {
      createInterface(app.stdout).on('line', (line) => line.includes('"trayReady"') && resolve());
      void gone.then(([code]) =>
        reject(new Error(`the packaged app ended with ${String(code)}: ${complaints}`)),
      );
    });
    await task();
  } finally {
    app.kill('SIGTERM');
    await gone;
  }
}

/** The home that the engine behind the packaged command line tells; else what the command line said instead. */
async function engineHomeBy(unpacked: string, home: string): Promise<string> {
  const env = environment({ home, vitalsRoot: home });
  try {
    const { stdout } = await run(join(unpacked, 'resources/bin/tandem'), ['status', '--json'], { env });
    return (JSON.parse(stdout) as { engine: { home: string } }).engine.home;
  } catch (error) {
    return String(error);
  }
}

describe('a macOS package, looked at from outside', () => {
  let app: string;
  let properties: string;

  beforeAll(async () => {
    const hollow = join(folder, 'hollow');
    await writeHollowElectronApp(hollow, '33.2.1');
    app = join(await pack('mac', hollow, '33.2.1'), 'mac-arm64/Tandem.app');
    properties = await readFile(join(app, 'Contents/Info.plist'), 'utf8');
  }, PACK_MS);

  const property = (name: string): string | undefined =>
    new RegExp(`<key>${name}</key>\\s*(<(true|false)/>|<string>([^<]*)</string>)`).exec(properties)?.[1];

  test('has no Dock icon, and says why it wants the local network', () => {
    expect(property('LSUIElement')).toBe('<true/>');
    expect(property('CFBundleIdentifier')).toBe('<string>dev.tandem.app</string>');
    expect(property('NSLocalNetworkUsageDescription')).toMatch(/your other Mac/);
    expect(properties).toMatch(
      /<key>NSBonjourServices<\/key>\s*<array>\s*<string>_tandem\._tcp<\/string>\s*<\/array>/,
    );
  });

  test('link 22: its main program has a UUID of its own, and can be run', async () => {
    const program = join(app, 'Contents/MacOS/Tandem');
    const [uuid, ...others] = uuidsOf(await readFile(program));
    expect(others).toEqual([]);
    expect(uuid).not.toBe(ELECTRON_UUID);
    expect(uuid).toBe(uuidOf('dev.tandem.app').toString('hex'));
    expect((await stat(program)).mode & 0o111).toBe(0o111);
    expect(await readdir(dirname(program))).toEqual(['Tandem']);
  });

  test('allows no unprotected connection but to the local network', () => {
    expect(property('NSAllowsArbitraryLoads')).not.toBe('<true/>');
    expect(property('NSAllowsLocalNetworking')).toBe('<true/>');
  });

  test('has its fuses set and carries the hash of its archive', async () => {
    expect(await fusesOf(app)).toEqual(FUSES);
    const { headerString } = getRawHeader(join(app, 'Contents/Resources/app.asar'));
    expect(properties).toContain(createHash('sha256').update(headerString).digest('hex'));
  });

  test('speaks our languages only', async () => {
    const framework = 'Contents/Frameworks/Electron Framework.framework/Versions/A/Resources';
    expect((await readdir(join(app, framework))).sort()).toEqual(['en.lproj', 'ko.lproj']);
  });

  test('brings its command line, executable', async () => {
    const { mode } = await stat(join(app, 'Contents/Resources/bin/tandem'));
    expect(mode & 0o111).toBe(0o111);
  });
});
