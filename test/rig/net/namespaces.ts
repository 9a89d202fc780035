import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** Network namespaces of the rig's own: 192.0.2.0/24 and nothing else, never the host's network. */

export const CORE_ADDRESS = '192.0.2.1';
export const EDGE_ADDRESS = '192.0.2.2';
export const GATEWAY_ADDRESS = '192.0.2.254';

const execFileLater = promisify(execFile);
const PREFIX = 'tandem-rig';
const PLACE = '/var/run/netns';
const NEEDED = ['ip', 'iptables', 'ping', 'ss', 'sysctl'];

/** Why network namespaces cannot be had here, as one sentence; null when they can. */
export function whyNoNamespaces(): string | null {
  if (process.platform !== 'linux') return 'Network namespaces are Linux.';
  if (process.getuid?.() !== 0) return 'Network namespaces need root.';
  if (!existsSync('/dev/net/tun')) return 'There is no /dev/net/tun here.';
  const missing = NEEDED.find((program) => !isOnPath(program));
  if (missing !== undefined) return `The program "${missing}" is missing: run "node scripts/setup.mjs".`;
  try {
    const name = ownName('try');
    tool('ip', ['netns', 'add', name]);
    tool('ip', ['netns', 'del', name]);
    return null;
  } catch (error) {
    return `This machine lets no one make a network namespace: ${String(error).slice(0, 200)}`;
  }
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** One host of the rig, as the operating system sees it. */
export interface Namespace {
  readonly name: string;
  /** Words to put before a command so that it runs in here; it keeps the pid that it is started with. */
  readonly prefix: readonly string[];
  /** Runs `ip ARGS` in here. */
  ip(...args: string[]): string;
  /** Runs a program in here to its end, while this process waits; what it printed. */
  run(...command: string[]): string;
  /** The same while this process goes on. */
  look(...command: string[]): Promise<string>;
  /**
   * The host's own firewall shuts a port, in both directions, so that nothing of it is heard any more.
   * @param target what a stranger gets: nothing (DROP), or a refusal as of a port where nobody listens (REJECT)
   */
  block(port: number, target: 'DROP' | 'REJECT'): void;
  /** Gives the interface its address, and a way out where there is a gateway; brings it up. */
  connect(address: string, gateway: string | null): void;
  linkDown(): void;
  linkUp(): void;
  /** The new address first, then the old one goes: what DHCP does after roaming. */
  changeAddress(address: string): void;
  /** Link up and firewall open again; does nothing, and takes no time, when they are. */
  heal(): void;
  /** Ends what still runs in here, then goes. */
  remove(): void;
}

export function makeNamespace(end: string): Namespace {
  const name = ownName(end);
  tool('ip', ['netns', 'add', name]);
  let address = '';
  let gateway: string | null = null;
  let isDown = false;
  let isBlocked = false;
  const ip = (...args: string[]): string => tool('ip', ['-n', name, ...args]);
  const run = (...command: string[]): string => tool('ip', ['netns', 'exec', name, ...command]);
  /** Routes go with the link or the last address; addresses stay when the link goes. */
  const route = (): void => {
    if (gateway !== null) ip('route', 'replace', 'default', 'via', gateway);
  };
  const space: Namespace = {
    name,
    prefix: ['ip', 'netns', 'exec', name],
    ip,
    run,
    look: async (...command) => (await execFileLater('ip', ['netns', 'exec', name, ...command])).stdout,
    block(port, target) {
      isBlocked = true;
      // One program for all of it: this process waits meanwhile, and takes times.
      tool('ip', ['netns', 'exec', name, 'iptables-restore', '-n', '-w'], firewall(port, target));
    },
    connect(own, way) {
      address = own;
      gateway = way;
      run('sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1');
      // Where the tests listen: a client's own end could be given such a port, and nobody could listen there then.
      run('sysctl', '-qw', 'net.ipv4.ip_local_reserved_ports=47300-47499');
      ip('link', 'set', 'lo', 'up');
      ip('addr', 'add', `${address}/24`, 'dev', 'eth0');
      space.linkUp();
    },
    linkDown() {
      isDown = true;
      ip('link', 'set', 'eth0', 'down');
    },
    linkUp() {
      isDown = false;
      ip('link', 'set', 'eth0', 'up');
      route();
    },
    heal() {
      if (isDown) space.linkUp();
      if (isBlocked) run('iptables', '-w', '-F');
      isBlocked = false;
    },
    changeAddress(next) {
      ip('addr', 'add', `${next}/24`, 'dev', 'eth0');
      // Without this the kernel takes secondary addresses away together with the first.
      run('sysctl', '-qw', 'net.ipv4.conf.all.promote_secondaries=1');
      ip('addr', 'del', `${address}/24`, 'dev', 'eth0');
      address = next;
      route();
    },
    remove: () => removeByName(name),
  };
  return space;
}

/** Removes what runs of ours that are dead have left behind; called before the first namespace is made. */
export function sweepLeftovers(): string[] {
  const left = (existsSync(PLACE) ? readdirSync(PLACE) : []).filter((name) => {
    const owner = new RegExp(`^${PREFIX}-(\\d+)-(\\d+)-`).exec(name);
    return owner !== null && startOf(Number(owner[1])) !== owner[2];
  });
  left.forEach(removeByName);
  return left;
}

let count = 0;
/** A pid comes again, a pid with its start time does not. */
function ownName(end: string): string {
  return `${PREFIX}-${process.pid}-${startOf(process.pid) ?? '0'}-${(count += 1)}-${end}`;
}

/** Field 22 of /proc/PID/stat; null when there is no such process. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return (
      stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .at(19) ?? null
    );
  } catch {
    return null;
  }
}

function removeByName(name: string): void {
  for (const pid of pidsIn(name)) kill(pid);
  tool('ip', ['netns', 'del', name]);
}

function pidsIn(name: string): number[] {
  return tool('ip', ['netns', 'pids', name]).split('\n').filter(Boolean).map(Number);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

function firewall(port: number, target: 'DROP' | 'REJECT'): string {
  const rules = ['tcp', 'udp'].flatMap((protocol) =>
    ['--dport', '--sport'].flatMap((side) => {
      const reset = target === 'REJECT' && protocol === 'tcp' ? ' --reject-with tcp-reset' : '';
      return [
        `-A INPUT -p ${protocol} ${side} ${port} -j ${target}${reset}`,
        `-A OUTPUT -p ${protocol} ${side} ${port} -j DROP`,
      ];
    }),
  );
  // The refusal itself leaves from that port.
  const refusal = target === 'REJECT' ? ['-A OUTPUT -p tcp --tcp-flags RST RST -j ACCEPT'] : [];
  return ['*filter', ...refusal, ...rules, 'COMMIT', ''].join('\n');
}

function tool(program: string, args: readonly string[], input = ''): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    timeout: 10_000,
    input,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}
