import { describe, expect, test } from 'vitest';
import { parseVmStat } from './vm-stat.ts';

/** An Apple silicon Mac; the counters give the ratio 0.729 of research/vitals.md, test 6. */
const table = `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               24519.
Pages active:                            310204.
Pages inactive:                          303018.
Pages speculative:                         5122.
Pages throttled:                              0.
Pages wired down:                        161313.
Pages purgeable:                           7217.
"Translation faults":                3052215734.
Pages copy-on-write:                   88315317.
Pages zero filled:                   1437230181.
Pages reactivated:                     58214573.
Pages purged:                          13262423.
File-backed pages:                       171210.
Anonymous pages:                         447134.
Pages stored in compressor:              592481.
Pages occupied by compressor:            239020.
Decompressions:                        31226231.
Compressions:                          37420361.
Pageins:                               22345131.
Pageouts:                                 91231.
Swapins:                                      0.
Swapouts:                                     0.
`;

describe('vitals 6: vm_stat', () => {
  test('vitals 6: the page size of the header, and the ratio that the kernel looks at', () => {
    const stat = parseVmStat(table);
    expect(stat?.freeBytes).toBe(24_519 * 16_384);
    expect(stat?.wiredBytes).toBe(161_313 * 16_384);
    expect(stat?.fileBackedBytes).toBe(171_210 * 16_384);
    expect(stat?.pressureRatio).toBeCloseTo(642_863 / (642_863 + 239_020), 10);
    expect(stat?.pressureRatio).toBeCloseTo(0.729, 3);
  });

  test('vitals 6: another page size is not ignored', () => {
    expect(parseVmStat(table.replace('16384', '4096'))?.freeBytes).toBe(24_519 * 4096);
  });

  test.each([
    'Pages free',
    'Pages active',
    'Pages inactive',
    'Pages speculative',
    'Pages wired down',
    'Pages purgeable',
    'File-backed pages',
    'Pages occupied by compressor',
    'Mach Virtual',
  ])('vitals 6: without the line of %s nothing is said, never a partial sum', (label) => {
    const cut = table
      .split('\n')
      .filter((line) => !line.startsWith(label))
      .join('\n');
    expect(parseVmStat(cut)).toBeNull();
  });

  test('vitals 6: junk is unknown', () => {
    expect(parseVmStat('')).toBeNull();
    expect(parseVmStat(table.replace('24519.', '24519K'))).toBeNull();
  });
});
