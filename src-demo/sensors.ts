import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A machine made of files, for VITALS_ROOT: sensors that somebody can move. */
export interface Sensors {
  /** The folder to give as VITALS_ROOT. */
  readonly path: string;
  /** Percentage 0..100; `watts` drawn from the battery (or into it on AC), `onAC` as before when left out. */
  battery(percent: number, options?: { readonly watts?: number; readonly onAC?: boolean }): void;
  /** Available memory, 0..100 % of 16 GiB. */
  memoryAvailable(percent: number): void;
  /** PSI: per cent of the last ten seconds in which some, and all, tasks stalled for memory. */
  memoryStalled(somePercent: number, fullPercent?: number): void;
  /** Heat level 0..4, as a temperature against the zone's trips. */
  heat(level: number): void;
  lid(closed: boolean): void;
  /** Removes the folder: every sensor is gone at once. */
  remove(): void;
}

const TOTAL_KIB = 16 * 1024 * 1024;
const FULL_MICROWATTHOURS = 50_000_000;
/** Degrees that give each level with the trips below. */
const DEGREES = [45, 77, 82, 92, 102] as const;

/** Makes a healthy machine on AC: 80 %, half of its memory free, cool, lid open. */
export function makeSensors(path: string): Sensors {
  let onAC = true;
  let watts = 8;
  let number = 0;

  /** A reader never sees half a file: written beside it, then renamed over it. */
  function put(file: string, text: string): void {
    const target = join(path, file);
    mkdirSync(dirname(target), { recursive: true });
    const beside = join(path, `.new-${process.pid}-${(number += 1)}`);
    writeFileSync(beside, text);
    renameSync(beside, target);
  }

  const root: Sensors = {
    path,
    battery(percent, options = {}) {
      onAC = options.onAC ?? onAC;
      watts = options.watts ?? watts;
      for (const [file, text] of batteryFiles(percent, watts, onAC))
        put(`sys/class/power_supply/${file}`, text);
    },
    memoryAvailable: (percent) => put('proc/meminfo', meminfo(percent)),
    memoryStalled: (some, full = 0) => put('proc/pressure/memory', pressure(some, full)),
    heat: (level) =>
      put('sys/class/thermal/thermal_zone0/temp', `${(DEGREES[level] ?? DEGREES[0]) * 1000}\n`),
    lid: (closed) => put('proc/acpi/button/lid/LID0/state', `state:      ${closed ? 'closed' : 'open'}\n`),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
  for (const [file, text] of fixedFiles) put(file, text);
  root.battery(80);
  root.memoryAvailable(50);
  root.memoryStalled(0);
  root.heat(0);
  root.lid(false);
  return root;
}

const zone = 'sys/class/thermal/thermal_zone0';
const fixedFiles: readonly (readonly [string, string])[] = [
  ['proc/stat', 'cpu  1000 0 500 8000 20 0 5 0 0 0\ncpu0 1000 0 500 8000 20 0 5 0 0 0\n'],
  ['proc/loadavg', '0.42 0.40 0.38 1/250 4242\n'],
  ['sys/class/power_supply/AC/type', 'Mains\n'],
  ['sys/class/power_supply/BAT0/type', 'Battery\n'],
  ['sys/class/power_supply/BAT0/present', '1\n'],
  ['sys/class/power_supply/BAT0/energy_full', `${FULL_MICROWATTHOURS}\n`],
  ['sys/class/power_supply/BAT0/energy_full_design', `${FULL_MICROWATTHOURS}\n`],
  ['sys/class/power_supply/BAT0/voltage_now', '11500000\n'],
  ['sys/class/power_supply/BAT0/cycle_count', '42\n'],
  [`${zone}/type`, 'x86_pkg_temp\n'],
  [`${zone}/trip_point_0_type`, 'passive\n'],
  [`${zone}/trip_point_0_temp`, '80000\n'],
  [`${zone}/trip_point_1_type`, 'hot\n'],
  [`${zone}/trip_point_1_temp`, '90000\n'],
  [`${zone}/trip_point_2_type`, 'critical\n'],
  [`${zone}/trip_point_2_temp`, '105000\n'],
];

/** The plug first: a reader between two files must not see a low battery that is still charging. */
function batteryFiles(percent: number, watts: number, onAC: boolean): (readonly [string, string])[] {
  const energy = Math.round((FULL_MICROWATTHOURS * percent) / 100);
  const status = onAC ? (percent >= 100 ? 'Full' : 'Charging') : 'Discharging';
  return [
    ['AC/online', onAC ? '1\n' : '0\n'],
    ['BAT0/status', `${status}\n`],
    ['BAT0/power_now', `${Math.round(Math.abs(watts) * 1_000_000)}\n`],
    ['BAT0/energy_now', `${energy}\n`],
    ['BAT0/capacity', `${Math.round(percent)}\n`],
  ];
}

function meminfo(availablePercent: number): string {
  const available = Math.round((TOTAL_KIB * availablePercent) / 100);
  const lines: readonly (readonly [string, number])[] = [
    ['MemTotal', TOTAL_KIB],
    ['MemFree', Math.round(available / 2)],
    ['MemAvailable', available],
    ['Buffers', 65_536],
    ['Cached', Math.round(available / 3)],
    ['Shmem', 32_768],
    ['SwapTotal', 2_097_152],
    ['SwapFree', 2_097_152],
  ];
  return lines.map(([name, kib]) => `${`${name}:`.padEnd(16)}${String(kib).padStart(8)} kB\n`).join('');
}

function pressure(some: number, full: number): string {
  const line = (who: string, percent: number) =>
    `${who} avg10=${percent.toFixed(2)} avg60=0.00 avg300=0.00 total=0\n`;
  return line('some', some) + line('full', full);
}
