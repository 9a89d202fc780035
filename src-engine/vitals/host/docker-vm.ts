import type { VmReading } from '../readings.ts';
import { within } from '../readings.ts';

/** What `GET /info` says of the machine that the containers run in. */
export interface DockerInfo {
  readonly runtime: string;
  readonly guestTotalBytes: number | null;
}

/**
 * Reads `GET /info`. On Linux the daemon usually runs on this very kernel: there is no virtual machine
 * then, and its MemTotal is this host's own.
 *
 * @param hostKernel `os.release()` on Linux, null elsewhere
 * @returns null when the answer is not Docker's, or when there is no virtual machine
 */
export function parseDockerInfo(info: unknown, hostKernel: string | null): DockerInfo | null {
  const system = textAt(info, 'OperatingSystem');
  const kernel = textAt(info, 'KernelVersion');
  if (system === null || (hostKernel !== null && kernel === hostKernel)) return null;
  return {
    runtime: runtimeOf(system, textAt(info, 'Name') ?? ''),
    guestTotalBytes: within(numberAt(info, 'MemTotal'), 1, Number.MAX_SAFE_INTEGER),
  };
}

function runtimeOf(system: string, name: string): string {
  const both = `${system} ${name}`.toLowerCase();
  if (both.includes('docker desktop') || name === 'docker-desktop') return 'docker-desktop';
  for (const runtime of ['orbstack', 'colima', 'rancher-desktop', 'lima'])
    if (both.includes(runtime)) return runtime;
  return 'docker';
}

/** Ids of `GET /containers/json`. */
export function parseContainerIds(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list
    .map((entry) => textAt(entry, 'Id'))
    .filter((id) => id !== null && /^[0-9a-f]{12,64}$/.test(id)) as string[];
}

/**
 * One container's memory from `GET /containers/ID/stats`, as `docker stats` counts it: usage without
 * the file cache that can be dropped (`inactive_file`, or `total_inactive_file` with cgroup v1).
 */
export function parseContainerMemory(stats: unknown): number | null {
  const memory = fieldOf(stats, 'memory_stats');
  const usage = numberAt(memory, 'usage');
  if (usage === null) return null;
  const detail = fieldOf(memory, 'stats');
  const cache = numberAt(detail, 'inactive_file') ?? numberAt(detail, 'total_inactive_file') ?? 0;
  return within(usage - cache, 0, Number.MAX_SAFE_INTEGER);
}

/** The parts joined. Used memory is unknown when any container did not answer. */
export function vmOf(
  info: DockerInfo,
  used: readonly (number | null)[],
  configuredBytes: number | null,
): VmReading {
  const known = used.every((value) => value !== null);
  return {
    runtime: info.runtime,
    configuredBytes,
    guestTotalBytes: info.guestTotalBytes,
    guestUsedBytes: known ? used.reduce<number>((sum, value) => sum + (value ?? 0), 0) : null,
  };
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function textAt(value: unknown, key: string): string | null {
  const text = fieldOf(value, key);
  return typeof text === 'string' ? text : null;
}

function numberAt(value: unknown, key: string): number | null {
  const number = fieldOf(value, key);
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
