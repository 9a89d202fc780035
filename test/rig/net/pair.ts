import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { LinkBreak } from '../../../src-shared/world/peer.ts';
import { openRig, type Ran, type Rig } from '../../engine/tandem.ts';
import { openLab, type Lab } from './lab.ts';
import { CORE_ADDRESS, type Namespace } from './namespaces.ts';
import { nowMs } from './wire.ts';
import { watchEngine, type Seen, type Watch } from './watch.ts';

/** `link.port` where nothing else is set. */
export const LINK_PORT = 47_321;

/** What hooks.mjs can do to a running engine. */
export interface Hook {
  readonly stallMs?: number;
  readonly stallAfterByeMs?: number;
  readonly monotonicJumpMs?: number;
  readonly wallJumpMs?: number;
}

/** One Mac of the pair. */
export interface Mac {
  readonly rig: Rig;
  readonly space: Namespace;
  /** Of the engine that runs now. */
  readonly watch: Watch;
  readonly pid: number;
  /** @param how.bootIdFile stands where the kernel says which start of the machine this is */
  start(how?: { readonly bootIdFile?: string }): Promise<void>;
  /** Ends the engine and waits until it is gone. SIGTERM says good-bye, SIGKILL does not. Returns the moment of the signal. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number>;
  /** SIGSTOP, SIGCONT; returns the moment. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): number;
  /** Returns the moment at which the engine was told. */
  bend(hook: Hook): number;
}

export interface Paired {
  readonly digits: string;
  readonly core: { readonly name: string; readonly pin: string };
  readonly edge: { readonly name: string; readonly pin: string };
}

/** Two engines in two namespaces on one wire. */
export interface Pair {
  readonly lab: Lab;
  readonly core: Mac;
  readonly edge: Mac;
  /** By the command line alone; waits until both ends are up. */
  pair(): Promise<Paired>;
  /** Heals the wire, wakes and starts what was stopped; waits until both ends are up. */
  settle(): Promise<void>;
  /** Both engines anew, so that nothing is remembered that is not written down; settled. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface PairOptions {
  readonly gateway: boolean;
  /** Left out: core is `core`, edge is `edge`. Null: as an engine is born. */
  readonly roles?: null;
  readonly engineEnv?: Readonly<Record<string, string>>;
  /** engine.json of each, before its first start. */
  readonly settings?: { readonly [End in 'core' | 'edge']: Readonly<Record<string, unknown>> };
}

const hooks = pathToFileURL(fileURLToPath(new URL('hooks.mjs', import.meta.url))).href;
const UP_MS = 20_000;
/** The work of a start is no part of what is measured next. */
const CALM_MS = 1500;
const calm = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, CALM_MS));

export async function openPair(options: PairOptions): Promise<Pair> {
  const lab = await openLab(options);
  const macs: OwnedMac[] = [];
  const close = async (): Promise<void> => {
    const failures = (await Promise.allSettled(macs.map((mac) => mac.close()))).flatMap((end) =>
      end.status === 'rejected' ? [String(end.reason)] : [],
    );
    await lab.close();
    if (failures.length > 0) throw new Error(failures.join('; '));
  };
  try {
    for (const role of ['core', 'edge'] as const) {
      const args = options.roles === null ? [] : ['--role', role];
      const mac = await openMac(lab[role], args, options.engineEnv ?? {});
      macs.push(mac);
      if (options.settings !== undefined)
        writeFileSync(join(mac.rig.home, 'engine.json'), JSON.stringify(options.settings[role]), {
          mode: 0o600,
        });
    }
    const [core, edge] = macs as [OwnedMac, OwnedMac];
    await Promise.all([core.start(), edge.start()]);
    return pairOf(lab, core, edge, close);
  } catch (error) {
    await close();
    throw error;
  }
}

function pairOf(lab: Lab, core: Mac, edge: Mac, close: () => Promise<void>): Pair {
  const up = (mac: Mac): Promise<Seen> => mac.watch.reach('link up', UP_MS, isUp);
  const bothUp = async (): Promise<void> => void (await Promise.all([up(core), up(edge)]));
  const wake = (): void => {
    for (const mac of [core, edge]) {
      mac.space.heal();
      mac.signal('SIGCONT');
    }
  };
  const pair: Pair = {
    lab,
    core,
    edge,
    async pair() {
      const paired = await pairByHand(core.rig, edge.rig, CORE_ADDRESS);
      await bothUp();
      await calm();
      return paired;
    },
    async settle() {
      await lab.wire.setAll({});
      wake();
      for (const mac of [core, edge]) if (!isAlive(mac.pid)) await mac.start();
      await bothUp();
    },
    async restart() {
      await lab.wire.setAll({});
      wake();
      await Promise.all([core.stop('SIGTERM'), edge.stop('SIGTERM')]);
      await Promise.all([core.start(), edge.start()]);
      await bothUp();
      await calm();
    },
    close,
  };
  return pair;
}

/** ROAMED is news of a link that is up. */
const isUp = ({ peer }: Seen): boolean =>
  peer?.link === 'up' && (peer.class === null || peer.class === 'ROAMED');

/** The breaks that a Mac's engine tells of, newest first. */
export async function breaksOf(mac: Mac): Promise<readonly LinkBreak[]> {
  const told = await mac.watch.client.call('peer.breaks', {});
  if (!told.ok) throw new Error(told.error.code);
  return told.value.breaks;
}

/** `pair --yes` at the listener, `pair HOST --yes` at the dialler; fails unless both end well with the same digits. */
export async function pairByHand(listener: Rig, dialler: Rig, host: string): Promise<Paired> {
  const listening = listener.begin('pair', '--yes');
  await Promise.race([
    listening.documents.see(({ listening: where }) => typeof where === 'string', 15_000),
    listening.done.then(failed('pair --yes')),
  ]);
  const dialled = await dialler.tandem('pair', host, '--yes', '--json');
  if (dialled.code !== 0) failed(`pair ${host} --yes`)(dialled);
  const heard = await listening.done;
  if (heard.code !== 0) failed('pair --yes')(heard);
  const [ofListener, ofDialler] = [lastDocument(heard), lastDocument(dialled)];
  if (ofListener.digits !== ofDialler.digits || !/^\d{6}$/.test(ofListener.digits))
    throw new Error(`the digits differ: ${ofListener.digits} and ${ofDialler.digits}`);
  // Each names the other.
  return { digits: ofListener.digits, core: ofDialler.peer, edge: ofListener.peer };
}

interface PairDocument {
  readonly digits: string;
  readonly peer: { readonly name: string; readonly pin: string };
}

function lastDocument({ stdout }: Ran): PairDocument {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as PairDocument;
}

const failed =
  (what: string) =>
  ({ code, stderr }: Ran): never => {
    throw new Error(`tandem ${what}: exit ${code}: ${stderr}`);
  };

interface OwnedMac extends Mac {
  close(): Promise<void>;
}

async function openMac(
  space: Namespace,
  args: readonly string[],
  extra: Readonly<Record<string, string>>,
): Promise<OwnedMac> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-hook-'));
  const hookFile = join(folder, 'hook.json');
  const engineEnv = { NODE_OPTIONS: `--import=${hooks}`, TANDEM_RIG_HOOK: hookFile, ...extra };
  let prefix: readonly string[] = space.prefix;
  const rig = openRig({}, { prefix: () => prefix, engineEnv });
  let watch: Watch | null = null;
  let pid = 0;
  const mac: OwnedMac = {
    rig,
    space,
    get watch() {
      if (watch === null) throw new Error('this engine was never started');
      return watch;
    },
    get pid() {
      return pid;
    },
    async start(how = {}) {
      prefix = [...space.prefix, ...(how.bootIdFile === undefined ? [] : anotherBoot(how.bootIdFile))];
      pid = await rig.startEngine(...args);
      watch?.close();
      watch = await watchEngine(rig.home);
    },
    async stop(signal) {
      const atMs = nowMs();
      await rig.kill(signal);
      return atMs;
    },
    signal(signal) {
      const atMs = nowMs();
      if (isAlive(pid)) process.kill(pid, signal);
      return atMs;
    },
    bend(hook) {
      writeFileSync(hookFile, JSON.stringify(hook));
      const atMs = nowMs();
      process.kill(pid, 'SIGUSR2');
      return atMs;
    },
    async close() {
      mac.signal('SIGCONT');
      watch?.close();
      await rig.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return mac;
}

/** Puts a file over the kernel's, for this program alone; `ip netns exec` gave it a mount namespace of its own. */
function anotherBoot(file: string): string[] {
  const script = 'mount --bind "$1" /proc/sys/kernel/random/boot_id && shift && exec "$@"';
  return ['sh', '-c', script, 'sh', file];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
