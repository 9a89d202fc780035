import { stat } from 'node:fs/promises';
import { verdict, type Check } from '../check.ts';

/** The state folder is for this user alone. */
export const homeCheck: Check = {
  name: 'home',
  async run({ platform }) {
    const { root } = platform.home;
    const stats = await stat(root).catch(() => null);
    if (stats === null)
      return verdict('home', 'advice', 'doctor.home.missing', { path: root }, 'doctor.home.missing.action');
    const open = (stats.mode & 0o077) !== 0;
    return open
      ? verdict('home', 'problem', 'doctor.home.open', { path: root }, 'doctor.home.open.action')
      : verdict('home', 'ok', 'doctor.home.ok', { path: root });
  },
};
