import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSysctlMemory, SYSCTL_NAMES } from './sysctl-memory.ts';

const lines = [
  'kern.memorystatus_vm_pressure_level: 1',
  'hw.memsize: 8589934592',
  'vm.pagesize: 16384',
  'vm.page_free_count: 10000',
  'vm.page_purgeable_count: 2000',
  'vm.page_pageable_internal_count: 150000',
  'vm.page_pageable_external_count: 100000',
  'vm.compressor_bytes_used: 1073741824',
  'vm.compressor_input_bytes: 2684354560',
  'vm.swapusage: total = 2048.00M  used = 512.50M  free = 1535.50M  (encrypted)',
];
const output = `${lines.join('\n')}\n`;
const without = (name: string) => lines.filter((line) => !line.startsWith(`${name}:`)).join('\n');

describe('vitals 7: the combined sysctl', () => {
  test('vitals 7: every field of one sample', () => {
    const available = (10_000 + 100_000 + 2000) * 16_384;
    const plain = (10_000 + 150_000 + 100_000) * 16_384;
    expect(parseSysctlMemory(output)).toEqual({
      usedBytes: 8_589_934_592 - available,
      availableBytes: available,
      totalBytes: 8_589_934_592,
      wiredBytes: null,
      compressedBytes: 1_073_741_824,
      compressorInputBytes: 2_684_354_560,
      fileCacheBytes: 100_000 * 16_384,
      swapUsedBytes: 512.5 * 2 ** 20,
      swapTotalBytes: 2048 * 2 ** 20,
      basis: 'pressureLevel',
      level: 'normal',
      pressureRatio: plain / (plain + 1_073_741_824),
      stallSomePercent: null,
      stallFullPercent: null,
    });
  });

  test.each([
    ['1', 'normal'],
    ['2', 'warn'],
    ['4', 'critical'],
    ['3', null],
    ['', null],
  ])('vitals 7: kernel level %s', (level, name) => {
    expect(parseSysctlMemory(output.replace('level: 1', `level: ${level}`))?.level).toBe(name);
  });

  test.each([
    ['total = 0.00M  used = 0.00M  free = 0.00M  (encrypted)', 0, 0],
    ['total = 2048,00M  used = 512,50M  free = 1535,50M  (encrypted)', 2048, 512.5],
    ['total = 2.00G  used = 1.00G  free = 1.00G', 2048, 1024],
  ])('vitals 7: swap %s', (text, total, used) => {
    const reading = parseSysctlMemory(`${without('vm.swapusage')}\nvm.swapusage: ${text}\n`);
    expect(reading?.swapTotalBytes).toBe(total * 2 ** 20);
    expect(reading?.swapUsedBytes).toBe(used * 2 ** 20);
  });

  test.each([
    ['kern.memorystatus_vm_pressure_level', 'level'],
    ['vm.page_pageable_internal_count', 'pressureRatio'],
    ['vm.compressor_bytes_used', 'compressedBytes'],
    ['vm.compressor_input_bytes', 'compressorInputBytes'],
    ['vm.swapusage', 'swapUsedBytes'],
  ] as const)('vitals 7: an unknown OID %s costs %s only', (name, field) => {
    const reading = parseSysctlMemory(without(name));
    expect(reading?.[field]).toBeNull();
    expect(reading?.availableBytes).toBe(parseSysctlMemory(output)?.availableBytes);
    expect(reading?.totalBytes).toBe(8_589_934_592);
  });

  test.each(['hw.memsize', 'vm.pagesize', 'vm.page_free_count', 'vm.page_pageable_external_count'])(
    'vitals 7: without %s there is no sum',
    (name) => expect(parseSysctlMemory(without(name))).toBeNull(),
  );

  test('no junk yields NaN or a number out of range', () => {
    const line = fc.tuple(
      fc.constantFrom(...SYSCTL_NAMES),
      fc.oneof(fc.string(), fc.bigInt().map(String), fc.nat().map(String)),
    );
    fc.assert(
      fc.property(fc.array(line), (entries) => {
        const reading = parseSysctlMemory(
          output + entries.map(([name, value]) => `${name}: ${value}`).join('\n'),
        );
        for (const [key, value] of Object.entries(reading ?? {}))
          if (typeof value === 'number')
            expect([key, Number.isFinite(value) && value >= 0]).toEqual([key, true]);
        if (reading?.pressureRatio != null) expect(reading.pressureRatio).toBeLessThanOrEqual(1);
      }),
    );
  });
});
