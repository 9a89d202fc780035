import { join } from 'node:path';
import type { TextFiles } from '../../platform/files.ts';
import { busyPercent, type CpuTimes } from '../host/cpu-load.ts';
import type { BatteryReading, LidReading, LoadReading, MemoryReading, ThermalReading } from '../readings.ts';
import type { Source } from '../source.ts';
import { parseLidState } from './lid-state.ts';
import { parseLinuxMemory } from './meminfo.ts';
import { parsePowerSupplies, SUPPLY_FILE_NAMES } from './power-supply.ts';
import { parseLoadAverage, parseProcStat } from './proc-load.ts';
import { parseThermalZones, type ZoneFiles } from './thermal-zones.ts';

/** Under VITALS_ROOT `root` stands in for `/`; every one of these is a plain file read. */
export function linuxMemory(files: TextFiles, root: string): Source<MemoryReading> {
  return {
    name: 'proc/meminfo',
    tool: null,
    async read() {
      const [meminfo, pressure] = await Promise.all([
        files.read(join(root, 'proc/meminfo')),
        files.read(join(root, 'proc/pressure/memory')),
      ]);
      return meminfo === null ? null : parseLinuxMemory(meminfo, pressure);
    },
  };
}

export function linuxBattery(files: TextFiles, root: string): Source<BatteryReading> {
  const folder = join(root, 'sys/class/power_supply');
  const supply = async (name: string): Promise<ReadonlyMap<string, string>> => {
    const there = await files.list(join(folder, name));
    const wanted = SUPPLY_FILE_NAMES.filter((file) => there.includes(file));
    const texts = wanted.map(async (file) => [file, await files.read(join(folder, name, file))] as const);
    return new Map(
      (await Promise.all(texts)).filter((entry): entry is [string, string] => entry[1] !== null),
    );
  };
  return {
    name: 'sys/class/power_supply',
    tool: null,
    async read() {
      return parsePowerSupplies(await Promise.all((await files.list(folder)).map(supply)));
    },
  };
}

export function linuxThermal(files: TextFiles, root: string): Source<ThermalReading> {
  const folder = join(root, 'sys/class/thermal');
  const zone = async (name: string): Promise<ZoneFiles> => {
    const path = join(folder, name);
    const kinds = (await files.list(path)).filter((file) => /^trip_point_\d+_type$/.test(file));
    const trips = kinds.map(async (file) => ({
      type: await files.read(join(path, file)),
      temp: await files.read(join(path, file.replace(/type$/, 'temp'))),
    }));
    const [type, temp] = await Promise.all([files.read(join(path, 'type')), files.read(join(path, 'temp'))]);
    return { type, temp, trips: await Promise.all(trips) };
  };
  return {
    name: 'sys/class/thermal',
    tool: null,
    async read() {
      const names = (await files.list(folder)).filter((name) => name.startsWith('thermal_zone'));
      return parseThermalZones(await Promise.all(names.map(zone)));
    },
  };
}

export function linuxLid(files: TextFiles, root: string): Source<LidReading> {
  const folder = join(root, 'proc/acpi/button/lid');
  return {
    name: 'proc/acpi/button/lid',
    tool: null,
    async read() {
      for (const name of await files.list(folder)) {
        const closed = parseLidState(await files.read(join(folder, name, 'state')));
        if (closed !== null) return { closed };
      }
      return null;
    },
  };
}

/** Load from files, for VITALS_ROOT: the counters of a root that stands still give no percentage. */
export function linuxLoad(files: TextFiles, root: string): Source<LoadReading> {
  let before: CpuTimes | null = null;
  return {
    name: 'proc/stat',
    tool: null,
    async read() {
      const [stat, average] = await Promise.all([
        files.read(join(root, 'proc/stat')),
        files.read(join(root, 'proc/loadavg')),
      ]);
      const now = parseProcStat(stat);
      const cpuPercent = busyPercent(before, now);
      before = now;
      const load1 = parseLoadAverage(average);
      return now === null && load1 === null ? null : { cpuPercent, load1 };
    },
  };
}
