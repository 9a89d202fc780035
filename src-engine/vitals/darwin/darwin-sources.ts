import type { Tools } from '../../platform/tools.ts';
import type { BatteryReading, LidReading, MemoryReading, ThermalReading } from '../readings.ts';
import { ask, type Source } from '../source.ts';
import { parseClamshell } from './clamshell.ts';
import { parseIoregBattery } from './ioreg-battery.ts';
import { batteryOfBlock, parsePmsetBlock } from './pmset-battery.ts';
import { PMSET } from './pslog-stream.ts';
import { parseSysctlMemory, SYSCTL_NAMES } from './sysctl-memory.ts';
import { parseThermalLevel, THERMAL_KEY } from './thermal-level.ts';
import { parseVmStat, type VmStat } from './vm-stat.ts';

const SYSCTL = '/usr/sbin/sysctl';
const IOREG = '/usr/sbin/ioreg';
const NOTIFYUTIL = '/usr/bin/notifyutil';
export const VM_STAT = '/usr/bin/vm_stat';

export function darwinMemory(tools: Tools, signal: AbortSignal): Source<MemoryReading> {
  return {
    name: 'sysctl',
    tool: SYSCTL,
    async read() {
      // The exit code is of no use: it is 1 when one name is unknown and all others were answered.
      const said = (await ask(tools, SYSCTL, SYSCTL_NAMES, signal))?.stdout ?? '';
      const reading = parseSysctlMemory(said);
      if (reading) return reading;
      const table = await ask(tools, VM_STAT, [], signal);
      const stat = table?.exitCode === 0 ? parseVmStat(table.stdout) : null;
      return stat && withVmStat(said, stat);
    },
  };
}

/** The page counters of vm_stat put where sysctl's are missing; the rest stays sysctl's. */
function withVmStat(sysctl: string, stat: VmStat): MemoryReading | null {
  const counters = [
    'vm.pagesize: 1',
    `vm.page_free_count: ${stat.freeBytes}`,
    `vm.page_purgeable_count: ${stat.purgeableBytes}`,
    `vm.page_pageable_external_count: ${stat.fileBackedBytes}`,
    `vm.compressor_bytes_used: ${stat.compressedBytes}`,
    `vm.compressor_input_bytes: ${stat.compressorInputBytes}`,
  ].join('\n');
  const reading = parseSysctlMemory(`${sysctl}\n${counters}`);
  return reading && { ...reading, wiredBytes: stat.wiredBytes, pressureRatio: stat.pressureRatio };
}

export function darwinBattery(tools: Tools, signal: AbortSignal): Source<BatteryReading> {
  return {
    name: 'pmset',
    tool: PMSET,
    async read() {
      const said = await ask(tools, PMSET, ['-g', 'batt'], signal);
      const block = said?.exitCode === 0 ? parsePmsetBlock(said.stdout) : null;
      return block && batteryOfBlock(block);
    },
  };
}

export function darwinGauge(tools: Tools, signal: AbortSignal): Source<BatteryReading> {
  return {
    name: 'ioreg',
    tool: IOREG,
    async read() {
      const said = await ask(tools, IOREG, ['-rn', 'AppleSmartBattery', '-w0'], signal);
      return said?.exitCode === 0 ? parseIoregBattery(said.stdout) : null;
    },
  };
}

export function darwinThermal(tools: Tools, signal: AbortSignal): Source<ThermalReading> {
  return {
    name: 'notifyutil',
    tool: NOTIFYUTIL,
    async read() {
      const said = await ask(tools, NOTIFYUTIL, ['-g', THERMAL_KEY], signal);
      const level = said?.exitCode === 0 ? parseThermalLevel(said.stdout) : null;
      // Degrees without root come from private calls only (research/vitals.md, section 2).
      return level === null ? null : { level, cpuCelsius: null };
    },
  };
}

export function darwinLid(tools: Tools, signal: AbortSignal): Source<LidReading> {
  return {
    name: 'ioreg',
    tool: IOREG,
    async read() {
      const said = await ask(tools, IOREG, ['-r', '-k', 'AppleClamshellState', '-d', '1', '-w0'], signal);
      const closed = said?.exitCode === 0 ? parseClamshell(said.stdout) : null;
      return closed === null ? null : { closed };
    },
  };
}
