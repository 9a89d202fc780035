import { verdict, type Check } from '../check.ts';

const macTools = ['/usr/sbin/sysctl', '/usr/bin/pmset', '/usr/sbin/ioreg', '/usr/bin/notifyutil'];

/** What vitals are read from is there. */
export const sensorsCheck: Check = {
  name: 'sensors',
  async run({ platform }) {
    const missing =
      platform.os === 'darwin'
        ? await missingTools(platform.tools.find)
        : await missingFiles(platform.files.read, platform.env['VITALS_ROOT'] ?? '/');
    return missing.length === 0
      ? verdict('sensors', 'ok', 'doctor.sensors.ok')
      : verdict(
          'sensors',
          'problem',
          'doctor.sensors.missing',
          { missing: missing.join(', ') },
          'doctor.sensors.missing.action',
        );
  },
};

async function missingTools(find: (name: string) => Promise<string | null>): Promise<string[]> {
  const found = await Promise.all(macTools.map(find));
  return macTools.filter((_tool, index) => found[index] === null);
}

async function missingFiles(read: (path: string) => Promise<string | null>, root: string): Promise<string[]> {
  const path = `${root.replace(/\/$/, '')}/proc/meminfo`;
  return (await read(path)) === null ? [path] : [];
}
