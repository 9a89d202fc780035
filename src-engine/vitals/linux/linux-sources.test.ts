import { describe, expect, test } from 'vitest';
import type { TextFiles } from '../../platform/files.ts';
import { linuxBattery, linuxLid, linuxLoad, linuxMemory, linuxThermal } from './linux-sources.ts';

/** Files by absolute path; what is not there cannot be read. */
function filesOf(texts: Record<string, string>): TextFiles {
  return {
    read: (path) => Promise.resolve(texts[path] ?? null),
    list(folder) {
      const inside = Object.keys(texts).filter((path) => path.startsWith(`${folder}/`));
      const names = inside.map((path) => path.slice(folder.length + 1).split('/')[0] ?? '');
      return Promise.resolve([...new Set(names)].sort());
    },
  };
}

describe('vitals 13: the readers of Linux under a root', () => {
  test('vitals 13: empty directories are null for every source', async () => {
    const files = filesOf({});
    for (const source of [linuxMemory, linuxBattery, linuxThermal, linuxLid, linuxLoad])
      expect(await source(files, '/r').read()).toBeNull();
  });

  test('vitals 13: batteries and zones by what they are, not by what they are called', async () => {
    const power = '/r/sys/class/power_supply';
    const files = filesOf({
      [`${power}/ADP1/type`]: 'Mains\n',
      [`${power}/ADP1/online`]: '0\n',
      [`${power}/CMB0/type`]: 'Battery\n',
      [`${power}/CMB0/status`]: 'Discharging\n',
      [`${power}/CMB0/capacity`]: '41\n',
      [`${power}/hidpp_battery_0/type`]: 'Battery\n',
      [`${power}/hidpp_battery_0/scope`]: 'Device\n',
      [`${power}/hidpp_battery_0/capacity`]: '5\n',
      '/r/sys/class/thermal/cooling_device0/cur_state': '-1\n',
      '/r/sys/class/thermal/thermal_zone7/type': 'cpu-thermal\n',
      '/r/sys/class/thermal/thermal_zone7/temp': '92000\n',
      '/r/sys/class/thermal/thermal_zone7/trip_point_0_type': 'hot\n',
      '/r/sys/class/thermal/thermal_zone7/trip_point_0_temp': '90000\n',
    });
    expect(await linuxBattery(files, '/r').read()).toMatchObject({
      percent: 41,
      onAC: false,
      state: 'discharging',
    });
    expect(await linuxThermal(files, '/r').read()).toEqual({ level: 3, cpuCelsius: 92 });
  });

  test('the lid by whatever name the firmware gave it', async () => {
    const files = filesOf({ '/r/proc/acpi/button/lid/LID/state': 'state:      closed\n' });
    expect(await linuxLid(files, '/r').read()).toEqual({ closed: true });
  });

  test('load is a difference: unknown at first, and while the counters stand still', async () => {
    const texts: Record<string, string> = {
      '/r/proc/stat': 'cpu  100 0 100 800 0 0 0 0 0 0\n',
      '/r/proc/loadavg': '0.50 0.40 0.30 1/2 3\n',
    };
    const load = linuxLoad(filesOf(texts), '/r');
    expect(await load.read()).toEqual({ cpuPercent: null, load1: 0.5 });
    expect(await load.read()).toEqual({ cpuPercent: null, load1: 0.5 });
    texts['/r/proc/stat'] = 'cpu  150 0 125 825 0 0 0 0 0 0\n';
    expect(await load.read()).toEqual({ cpuPercent: 75, load1: 0.5 });
  });
});
