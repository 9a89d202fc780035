import type { Clock, Scheduler } from '../../src-engine/platform/clock.ts';
import type { ToolResult, Tools } from '../../src-engine/platform/tools.ts';

/** A Mac that answers the sensors' tools, each after `takesMs`, and counts them. */
export function fakeMac(time: { clock: Clock; scheduler: Scheduler }, takesMs = 300) {
  const calls: { tool: string; args: readonly string[]; atMs: number }[] = [];
  const overlaps: string[] = [];
  const running = new Map<string, number>();
  const mac = {
    hasBattery: true,
    percent: 80,
    onAC: true,
    watts: 10,
    level: 1,
    heat: 0,
    lidClosed: false,
    freePages: 200_000,
    /** Tools that answer nothing, and exit 1. */
    broken: new Set<string>(),
  };
  const streams: { say(chunk: string): void; die(): void }[] = [];

  const tools: Tools = {
    async run(tool, args) {
      const name = tool.split('/').at(-1) ?? tool;
      calls.push({ tool: name, args, atMs: time.clock.monotonicMs() });
      const now = (running.get(name) ?? 0) + 1;
      running.set(name, now);
      if (now > 1) overlaps.push(name);
      await new Promise<void>((resolve) => void time.scheduler.after(takesMs, resolve));
      running.set(name, (running.get(name) ?? 1) - 1);
      return mac.broken.has(name) ? said('', 1) : said(outputOf(name, args));
    },
    resident(tool, args, onChunk) {
      calls.push({ tool: tool.split('/').at(-1) ?? tool, args, atMs: time.clock.monotonicMs() });
      let die = (): void => undefined;
      const ended = new Promise<void>((resolve) => (die = resolve));
      streams.push({ say: onChunk, die: () => die() });
      onChunk('pmset is in logging mode now. Hit ctrl-c to exit.\n');
      onChunk(pslogBlock());
      return { pid: 4242, ended, stop: () => die() };
    },
    find: (name) => Promise.resolve(name),
  };

  function outputOf(name: string, args: readonly string[]): string {
    if (name === 'sysctl') return sysctl(mac.level, mac.freePages);
    if (name === 'notifyutil') return `com.apple.system.thermalpressurelevel ${mac.heat}\n`;
    if (name === 'pmset') return pmsetBlock();
    if (name === 'ioreg' && args.includes('AppleSmartBattery')) return mac.hasBattery ? ioreg() : '';
    return `    "AppleClamshellState" = ${mac.lidClosed ? 'Yes' : 'No'}\n`;
  }

  function supply(): string {
    const words = mac.onAC ? 'charging; (no estimate)' : 'discharging; (no estimate)';
    return mac.hasBattery ? ` -InternalBattery-0 (id=1)\t${mac.percent}%; ${words} present: true\n` : '';
  }

  function pmsetBlock(): string {
    return `Now drawing from '${mac.onAC ? 'AC' : 'Battery'} Power'\n${supply()}`;
  }

  function pslogBlock(): string {
    return `2026-01-04 11:27:48 +0100 IOPSNotificationCreateRunLoopSource\n${pmsetBlock()}`;
  }

  function ioreg(): string {
    const milliamperes = Math.round((mac.watts / 11.5) * 1000) * (mac.onAC ? 1 : -1);
    const lines = {
      AppleRawCurrentCapacity: Math.round(mac.percent * 45),
      AppleRawMaxCapacity: 4500,
      CurrentCapacity: mac.percent,
      MaxCapacity: 100,
      Voltage: 11_500,
      Amperage: BigInt.asUintN(64, BigInt(milliamperes)),
      ExternalConnected: mac.onAC ? 'Yes' : 'No',
      IsCharging: mac.onAC ? 'Yes' : 'No',
    };
    const text = Object.entries(lines).map(([key, value]) => `      "${key}" = ${value}`);
    return ['+-o AppleSmartBattery  <class AppleSmartBattery>', '    {', ...text, '    }', ''].join('\n');
  }

  return {
    tools,
    calls,
    overlaps,
    streams,
    /** Changes the machine, silently. */
    set: (change: Partial<typeof mac>) => void Object.assign(mac, change),
    /** Changes the machine, and lets the event stream say so. */
    tell(change: Partial<typeof mac>) {
      Object.assign(mac, change);
      streams.at(-1)?.say(pslogBlock());
    },
    /** How often a tool was started, from `fromMs` on. */
    count: (tool: string, fromMs = 0) =>
      calls.filter((call) => call.tool === tool && call.atMs >= fromMs).length,
  };
}

function said(stdout: string, exitCode = 0): ToolResult {
  return { exitCode, stdout, stderr: '', failure: null };
}

function sysctl(level: number, freePages: number): string {
  return [
    `kern.memorystatus_vm_pressure_level: ${level}`,
    'hw.memsize: 8589934592',
    'vm.pagesize: 16384',
    `vm.page_free_count: ${freePages}`,
    'vm.page_purgeable_count: 2000',
    'vm.page_pageable_internal_count: 150000',
    'vm.page_pageable_external_count: 100000',
    'vm.compressor_bytes_used: 1073741824',
    'vm.compressor_input_bytes: 2684354560',
    'vm.swapusage: total = 1024.00M  used = 0.00M  free = 1024.00M  (encrypted)',
    '',
  ].join('\n');
}
