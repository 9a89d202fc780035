import { formatBytes, GIB } from '../../../src-shared/units.ts';
import { volumeOf } from '../../platform/files.ts';
import { verdict, type Check } from '../check.ts';

/** Under this a node image and its data no longer fit; under a tenth of it state files are at risk. */
const ADVICE_BYTES = 5 * GIB;
const PROBLEM_BYTES = 0.5 * GIB;

/** Space on the volume that holds the home. */
export const diskCheck: Check = {
  name: 'disk',
  async run({ platform }) {
    const volume = (await volumeOf(platform.home.root)) ?? (await volumeOf('/'));
    if (volume === null) return verdict('disk', 'unknown', 'doctor.disk.unknown');
    const params = { free: formatBytes(volume.freeBytes) };
    if (volume.freeBytes < PROBLEM_BYTES)
      return verdict('disk', 'problem', 'doctor.disk.short', params, 'doctor.disk.action');
    if (volume.freeBytes < ADVICE_BYTES)
      return verdict('disk', 'advice', 'doctor.disk.short', params, 'doctor.disk.action');
    return verdict('disk', 'ok', 'doctor.disk.ok', params);
  },
};
