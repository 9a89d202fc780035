import { cpus, homedir, loadavg, release } from 'node:os';
import { join } from 'node:path';
import type { TextFiles } from '../../platform/files.ts';
import { parseColimaSize, parseDockerDesktopSize, sizeFiles } from '../../platform/vm-size.ts';
import type { DiskReading, LoadReading, VmReading } from '../readings.ts';
import { TOOL_LIMIT_MS, type Source } from '../source.ts';
import { busyPercent, cpuTimesOf, type CpuTimes } from './cpu-load.ts';
import { dockerGet } from './docker-socket.ts';
import { parseContainerIds, parseContainerMemory, parseDockerInfo, vmOf } from './docker-vm.ts';

export function hostLoad(): Source<LoadReading> {
  let before: CpuTimes | null = null;
  return {
    name: 'os.cpus',
    tool: null,
    read() {
      const now = cpuTimesOf(cpus());
      const cpuPercent = busyPercent(before, now);
      before = now;
      return Promise.resolve({ cpuPercent, load1: loadavg()[0] ?? null });
    },
  };
}

type Volume = { freeBytes: number; totalBytes: number } | null;

export function hostDisk(path: string, volumeOf: (path: string) => Promise<Volume>): Source<DiskReading> {
  return {
    name: 'statfs',
    tool: null,
    async read() {
      const volume = await volumeOf(path);
      return volume && { path, ...volume };
    },
  };
}

/** More containers than this are not asked one by one; what they use is unknown then. */
const MOST_CONTAINERS = 40;

/** The container runtime's virtual machine, through its socket; no program is started for it. */
export function dockerVm(
  socket: () => string | null,
  files: TextFiles,
  platform: NodeJS.Platform,
): Source<VmReading> {
  return {
    name: 'docker',
    tool: null,
    async read() {
      const path = socket();
      if (path === null) return null;
      const hostKernel = platform === 'linux' ? release() : null;
      const info = parseDockerInfo(await dockerGet(path, '/info', TOOL_LIMIT_MS), hostKernel);
      if (info === null) return null;
      const used = await containersUsed(path);
      return vmOf(info, used ?? [null], await configuredBytes(info.runtime, files));
    },
  };
}

async function containersUsed(path: string): Promise<(number | null)[] | null> {
  const list = await dockerGet(path, '/containers/json', TOOL_LIMIT_MS);
  const ids = parseContainerIds(list);
  if (list === null || ids.length > MOST_CONTAINERS) return null;
  const stats = ids.map((id) =>
    dockerGet(path, `/containers/${id}/stats?stream=false&one-shot=true`, TOOL_LIMIT_MS),
  );
  return (await Promise.all(stats)).map(parseContainerMemory);
}

async function configuredBytes(runtime: string, files: TextFiles): Promise<number | null> {
  const read = (file: string): Promise<string | null> => files.read(join(homedir(), file));
  if (runtime === 'docker-desktop')
    return parseDockerDesktopSize(await read(sizeFiles.dockerDesktop)).memoryBytes;
  if (runtime !== 'colima') return null;
  return parseColimaSize(await read(sizeFiles.colima('default'))).memoryBytes;
}
