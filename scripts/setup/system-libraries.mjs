// What Electron and its tests need of a Debian or Ubuntu, beyond npm.
import { existsSync } from 'node:fs';
import { run } from '../lib/run.mjs';
import { say, secondsSince } from '../lib/say.mjs';

/** Each by its names: newer releases add "t64" to some. */
const forTheApp = [
  ['libgtk-3-0', 'libgtk-3-0t64'],
  ['libnss3'],
  ['libasound2', 'libasound2t64'],
  ['libgbm1'],
  ['libnotify4'],
  ['libxss1'],
  ['libxtst6'],
  ['libsecret-1-0'],
  ['libatspi2.0-0', 'libatspi2.0-0t64'],
  ['fonts-noto-cjk'],
  ['fonts-noto-color-emoji'],
  ['unzip'],
];
/** Network namespaces, a firewall and a wire between them (Node cannot open a TAP); the front where it is not our own. */
const forTheRig = [['iproute2'], ['iptables'], ['iputils-ping'], ['procps'], ['python3'], ['haproxy']];
/** A display, a session bus, and the doubles of the system bus (Node cannot pass file descriptors). */
const forTheTests = [
  ['xvfb'],
  ['xauth'],
  ['dbus'],
  ['dbus-x11'],
  ['python3-dbus'],
  ['python3-gi'],
  ...forTheRig,
];

/**
 * Installs the libraries that are missing, where that can be done.
 * @returns {Promise<string | null>} null when they are there, else one sentence that says what to do
 */
export async function ensureSystemLibraries({ tests = false } = {}) {
  return ensure(tests ? [...forTheApp, ...forTheTests] : forTheApp);
}

/** The same for the rig alone, which needs no desktop. */
export async function ensureRigTools() {
  return ensure(forTheRig);
}

async function ensure(wanted) {
  // Elsewhere Electron says itself what it misses.
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version')) return null;
  const missing = await missingOf(wanted);
  if (missing.length === 0) return null;
  if (process.getuid() !== 0)
    return `System libraries are missing: run "sudo apt-get install ${missing.map(([name]) => name).join(' ')}" and try again.`;
  return install(missing);
}

async function missingOf(wanted) {
  const { stdout } = await run('dpkg-query', [
    '-W',
    '-f',
    '${Package} ${db:Status-Status}\n',
    ...wanted.flat(),
  ]);
  const installed = new Set(
    stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return wanted.filter((names) => !names.some((name) => installed.has(name)));
}

async function install(missing) {
  const began = performance.now();
  say(`set-up: installing system libraries: ${missing.map(([name]) => name).join(', ')}`);
  const update = await aptGet('update');
  const names = await Promise.all(missing.map(offered));
  const { code, stderr } = await aptGet('install', '-y', '--no-install-recommends', ...names);
  if (code !== 0) {
    say(`${update.stderr}${stderr}`.trimEnd());
    return `The system libraries cannot be installed: run "apt-get install ${names.join(' ')}" and see what it says.`;
  }
  say(`set-up: system libraries are there (${secondsSince(began)})`);
  return null;
}

/** The name under which this release has the package. */
async function offered(names) {
  for (const name of names) {
    const { stdout } = await run('apt-cache', ['policy', name], { env: { LC_ALL: 'C' } });
    if (/Candidate: (?!\(none\))/.test(stdout)) return name;
  }
  return names[0];
}

/** Waits for another apt-get, up to five minutes. */
function aptGet(...args) {
  return run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
}
