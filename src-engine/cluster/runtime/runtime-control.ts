import type { TandemError } from '../../../src-shared/errors/result.ts';
import { runtimeTitle } from '../../../src-shared/world/runtime.ts';
import type { RuntimeRef } from './runtime-ref.ts';

/** One call of a tool. */
export interface ToolCall {
  readonly tool: string;
  readonly args: readonly string[];
}

/** How a runtime is started and stopped: the first call that its tool knows is the one. */
export interface Control {
  readonly start: readonly ToolCall[];
  readonly stop: readonly ToolCall[];
}

/** Who this engine runs as, and on what. */
export interface Standing {
  readonly os: NodeJS.Platform;
  readonly isRoot: boolean;
  /** A service manager runs: `/run/systemd/system` is there. */
  readonly hasSystemd: boolean;
}

const call = (tool: string, ...args: string[]): ToolCall => ({ tool, args });

/**
 * What starts and stops a runtime. Docker Desktop has verbs of its own since 4.37; an older one is an app
 * like any other. None of them asks for a password: what needs one is refused beforehand.
 *
 * @returns null when nobody knows how
 */
export function controlOf({ name, profile }: RuntimeRef, { os }: Standing): Control | null {
  switch (name) {
    case 'docker-desktop':
      return {
        start: [
          call('docker', 'desktop', 'start'),
          ...(os === 'darwin' ? [call('open', '-ga', 'Docker')] : []),
        ],
        stop: [
          call('docker', 'desktop', 'stop'),
          ...(os === 'darwin' ? [call('osascript', '-e', 'quit app "Docker"')] : []),
        ],
      };
    case 'colima': {
      const its = ['--profile', profile ?? 'default'];
      return { start: [call('colima', 'start', ...its)], stop: [call('colima', 'stop', ...its)] };
    }
    case 'orbstack':
      return { start: [call('orb', 'start')], stop: [call('orb', 'stop')] };
    case 'rancher-desktop':
      return { start: [call('rdctl', 'start')], stop: [call('rdctl', 'shutdown')] };
    case 'dockerd': {
      const who = profile === 'rootless' ? '--user' : '--no-ask-password';
      return {
        start: [call('systemctl', who, 'start', 'docker.service')],
        // With its socket, or the next question would start it again.
        stop: [
          call(
            'systemctl',
            who,
            'stop',
            ...(profile === 'rootless' ? [] : ['docker.socket']),
            'docker.service',
          ),
        ],
      };
    }
    case 'other':
      return null;
  }
}

/** Why this runtime is not ours to start or stop; null when it is. */
export function hindrance(
  ref: RuntimeRef | null,
  standing: Standing,
  socket: string | null,
): TandemError | null {
  if (ref === null) return { code: 'runtimeMissing', params: {} };
  if (ref.name === 'other') return { code: 'runtimeUnknown', params: { socket: socket ?? '-' } };
  if (ref.name !== 'dockerd') return null;
  const runtime = runtimeTitle(ref);
  if (!standing.hasSystemd) return { code: 'runtimeUnmanaged', params: { runtime } };
  const isOwn = ref.profile === 'rootless' || standing.isRoot;
  return isOwn ? null : { code: 'runtimeNeedsRoot', params: { runtime } };
}

/** The tool is there and has no such verb: the next call is tried. */
export function knowsNoSuchVerb(stderr: string): boolean {
  return /is not a docker command|unknown (?:command|shorthand flag|flag)|unknown docker command/i.test(
    stderr,
  );
}
