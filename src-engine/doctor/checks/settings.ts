import { verdict, type Check } from '../check.ts';

/** engine.json could be read. */
export const settingsCheck: Check = {
  name: 'settings',
  run: async ({ settingsSetAside }) =>
    settingsSetAside === null
      ? verdict('settings', 'ok', 'doctor.settings.ok')
      : verdict(
          'settings',
          'problem',
          'doctor.settings.bad',
          { aside: settingsSetAside },
          'doctor.settings.bad.action',
        ),
};
