import type { DoctorCheck } from '../../../src-shared/commands/housekeeping.ts';
import type { Traffic } from '../../../src-shared/world/traffic.ts';
import { problemVerdict, verdict, type Check } from '../check.ts';

/** The core's front: who deals the requests and where, or why nobody does. */
export const frontCheck: Check = {
  name: 'front',
  async run({ settings, traffic }) {
    if (settings.role !== 'core') return verdict('front', 'ok', 'doctor.front.none');
    const engine = await traffic.engine();
    return engine === null || engine.traffic === null
      ? verdict('front', 'advice', 'doctor.front.engineless', {}, 'doctor.engine.none.action')
      : ofFront(engine.traffic);
  },
};

function ofFront({ state, problem, why, front, listen, weights, backends }: Traffic): DoctorCheck {
  if (state === 'starting')
    return verdict('front', 'advice', 'doctor.front.starting', { listen }, 'doctor.front.starting.action');
  // An edited file or a setting that cannot be followed: requests are dealt all the same.
  if (problem !== null) return problemVerdict('front', state === 'down' ? 'problem' : 'advice', problem);
  if (state === 'down') return problemVerdict('front', 'problem', { code: 'frontDown', params: { listen } });
  const { address, healthy } = backends.edge;
  if (healthy === false && weights.edge > 0 && address !== null)
    return verdict(
      'front',
      'problem',
      'doctor.front.edgeSilent',
      { address },
      'doctor.front.edgeSilent.action',
    );
  if (why === 'haproxyMissing' || why === 'haproxyTooOld')
    return verdict('front', 'ok', `doctor.front.${why}`, { listen });
  return verdict('front', 'ok', 'doctor.front.up', { front, listen });
}
