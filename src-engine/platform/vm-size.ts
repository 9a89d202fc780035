/** What a person has given a container runtime's virtual machine; null where its files do not say. */
export interface VmSize {
  readonly memoryBytes: number | null;
  readonly cpus: number | null;
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;
export const unknownSize: VmSize = { memoryBytes: null, cpus: null };

/** Files that tell the configured size, below the person's home (the last profile of the path is Colima's). */
export const sizeFiles = {
  dockerDesktop: 'Library/Group Containers/group.com.docker/settings-store.json',
  orbstack: '.orbstack/vmconfig.json',
  rancherDesktop: 'Library/Preferences/rancher-desktop/settings.json',
  colima: (profile: string): string => `.colima/${profile}/colima.yaml`,
} as const;

/**
 * Docker Desktop's settings-store.json, whose keys nobody documents (docker/docs/issues/23706): read
 * tolerantly. Mebibytes.
 */
export function parseDockerDesktopSize(text: string | null): VmSize {
  const settings = parsed(text);
  return sizeOf(
    numberAt(settings, 'MemoryMiB') ?? numberAt(settings, 'memoryMiB'),
    MIB,
    numberAt(settings, 'Cpus') ?? numberAt(settings, 'cpus'),
  );
}

/** OrbStack's vmconfig.json: what was changed from its defaults, by the keys of `orb config`. Mebibytes. */
export function parseOrbstackSize(text: string | null): VmSize {
  const settings = parsed(text);
  return sizeOf(numberAt(settings, 'memory_mib'), MIB, numberAt(settings, 'cpu'));
}

/** Rancher Desktop's settings.json: `virtualMachine.memoryInGB` and `numberCPUs`, in gibibytes. */
export function parseRancherDesktopSize(text: string | null): VmSize {
  const machine = fieldOf(parsed(text), 'virtualMachine');
  return sizeOf(numberAt(machine, 'memoryInGB'), GIB, numberAt(machine, 'numberCPUs'));
}

/** Colima's configured size: `memory: 4` (gibibytes) and `cpu: 2` at the top level of colima.yaml. */
export function parseColimaSize(text: string | null): VmSize {
  const top = (key: string): number | null => {
    const value = new RegExp(`^${key}:\\s*(\\d+(?:\\.\\d+)?)\\s*(?:#.*)?$`, 'm').exec(text ?? '')?.[1];
    return value === undefined ? null : Number(value);
  };
  return sizeOf(top('memory'), GIB, top('cpu'));
}

/** A machine has from 256 MiB to 1 TiB, and a whole number of CPUs; anything else is not believed. */
export function sizeOf(memory: number | null, unitBytes: number, cpus: number | null): VmSize {
  const bytes = memory === null ? null : Math.round(memory * unitBytes);
  return {
    memoryBytes: bytes !== null && bytes >= 256 * MIB && bytes <= 1024 * GIB ? bytes : null,
    cpus: cpus !== null && Number.isInteger(cpus) && cpus >= 1 && cpus <= 1024 ? cpus : null,
  };
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch {
    return null;
  }
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function numberAt(value: unknown, key: string): number | null {
  const number = fieldOf(value, key);
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
