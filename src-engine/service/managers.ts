import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../src-shared/errors/result.ts';
import { removeFile, writeWhole } from '../platform/files.ts';
import type { Tools } from '../platform/tools.ts';
import { launchdPlist, serviceLabel, systemdUnit, type ServicePlan } from './unit-files.ts';

/** A service manager of the system that this user may use. */
export interface ServiceManager {
  readonly name: 'launchd' | 'systemd';
  readonly file: string;
  install(plan: ServicePlan): Promise<Result<void>>;
  remove(): Promise<Result<void>>;
  /** Null when it does not say. */
  active(): Promise<boolean | null>;
  /** It runs also while this user is not logged in; null where there is no such choice, or it was not told. */
  lingers(): Promise<boolean | null>;
}

const LIMIT = { timeoutMs: 20_000 };

export interface ManagerPorts {
  readonly tools: Tools;
  /** The person's home folder. */
  readonly userFolder: string;
  /** XDG_CONFIG_HOME, or null. */
  readonly configFolder: string | null;
  /** Names this home of Tandem. */
  readonly homeId: string;
  readonly uid: number;
}

/** systemd of this user; null where there is none that answers. */
export async function systemdManager(ports: ManagerPorts): Promise<ServiceManager | null> {
  const { tools, homeId } = ports;
  const unit = `tandem-${homeId}.service`;
  const folder = join(ports.configFolder ?? join(ports.userFolder, '.config'), 'systemd/user');
  const file = join(folder, unit);
  const systemctl = (...args: string[]) => tools.run('systemctl', ['--user', ...args], LIMIT);
  const answers = await systemctl('show-environment');
  if (answers.failure !== null || answers.exitCode !== 0) return null;
  const told = async (...args: string[]): Promise<Result<void>> => {
    const { exitCode, failure, stderr } = await systemctl(...args);
    return exitCode === 0 && failure === null ? ok(undefined) : refused('systemctl', stderr);
  };
  return {
    name: 'systemd',
    file,
    async install(plan) {
      await mkdir(folder, { recursive: true });
      await writeWhole(file, systemdUnit(plan));
      const loaded = await told('daemon-reload');
      const enabled = loaded.ok ? await told('enable', unit) : loaded;
      // Not `--now`: one that runs already would keep its old text.
      return enabled.ok ? told('restart', unit) : enabled;
    },
    async remove() {
      await systemctl('disable', '--now', unit);
      await removeFile(file);
      return told('daemon-reload');
    },
    active: async () => (await systemctl('is-active', '--quiet', unit)).exitCode === 0,
    lingers: () => lingerOf(ports),
  };
}

/** loginctl(1): without it a user's services end with the last session, and start with the first. */
async function lingerOf({ tools, uid }: ManagerPorts): Promise<boolean | null> {
  const { stdout } = await tools.run('loginctl', ['show-user', String(uid), '--property=Linger'], LIMIT);
  const [, said] = /^Linger=(yes|no)$/m.exec(stdout) ?? [];
  return said === undefined ? null : said === 'yes';
}

/** launchd's agents of this user: they run from login to logout, and there is nothing to choose. */
export function launchdManager(ports: ManagerPorts): ServiceManager {
  const { tools, uid } = ports;
  const label = serviceLabel(ports.homeId);
  const folder = join(ports.userFolder, 'Library/LaunchAgents');
  const file = join(folder, `${label}.plist`);
  const launchctl = (...args: string[]) => tools.run('/bin/launchctl', args, LIMIT);
  const unload = () => launchctl('bootout', `gui/${uid}/${label}`);
  return {
    name: 'launchd',
    file,
    async install(plan) {
      await mkdir(folder, { recursive: true });
      await writeWhole(file, launchdPlist(label, plan));
      // One that is loaded already would keep its old text.
      await unload();
      const { exitCode, stderr } = await launchctl('bootstrap', `gui/${uid}`, file);
      return exitCode === 0 ? ok(undefined) : refused('launchctl', stderr);
    },
    async remove() {
      await unload();
      await removeFile(file);
      return ok(undefined);
    },
    active: async () => (await launchctl('print', `gui/${uid}/${label}`)).exitCode === 0,
    lingers: async () => null,
  };
}

const refused = (tool: string, stderr: string): Result<never> =>
  fail('toolFailed', { tool, detail: stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? '' });

export async function isInstalled(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  );
}
