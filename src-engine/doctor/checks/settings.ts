import { verdict, type Check } from '../check.ts';

/** engine.json holds settings that apply. */
export const settingsCheck: Check = {
  name: 'settings',
  async run({ settingsProblem: problem }) {
    if (problem === null) return verdict('settings', 'ok', 'doctor.settings.ok');
    if ('setAside' in problem)
      return verdict(
        'settings',
        'problem',
        'doctor.settings.bad',
        { aside: problem.setAside },
        'doctor.settings.bad.action',
      );
    return verdict(
      'settings',
      'problem',
      'doctor.settings.unreadable',
      { detail: problem.unreadable },
      'doctor.settings.unreadable.action',
    );
  },
};
