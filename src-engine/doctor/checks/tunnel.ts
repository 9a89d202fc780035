import { errorSentences, translator } from '../../../src-shared/language/translate.ts';
import type { Tunnel } from '../../../src-shared/world/tunnel.ts';
import { verdict, type Check } from '../check.ts';

const english = translator('en');

/** What connects the clusters of the pair; `tandem tunnel doctor` looks at every hop. */
export const tunnelCheck: Check = {
  name: 'tunnel',
  async run({ tunnel }) {
    const engine = await tunnel.engine();
    if (engine === null)
      return verdict('tunnel', 'advice', 'doctor.tunnel.engineless', {}, 'doctor.engine.none.action');
    if (engine.tunnel === null) return verdict('tunnel', 'ok', 'doctor.tunnel.off');
    const { kind, state, problem, exports, imports } = engine.tunnel;
    if (kind === 'cilium') return verdict('tunnel', 'advice', 'doctor.tunnel.kind.cilium');
    const blocked = [...exports, ...imports].find((each) => each.problem !== null)?.problem ?? null;
    const wrong = problem ?? blocked;
    if (wrong !== null) {
      const { message } = errorSentences(wrong, english);
      const params = { ...wrong.params, message };
      const sentence = kind === 'lan' ? 'doctor.tunnel.problem' : 'doctor.submariner.problem';
      return verdict('tunnel', 'problem', sentence, params, 'doctor.tunnel.problem.action');
    }
    if (kind === 'submariner') return ofSubmariner(state);
    if (state === 'none') return verdict('tunnel', 'ok', 'doctor.tunnel.idle');
    const params = { exports: exports.length, imports: imports.length };
    return verdict('tunnel', 'ok', 'doctor.tunnel.works', params);
  },
};

function ofSubmariner(state: Tunnel['state']) {
  return state === 'connected'
    ? verdict('tunnel', 'ok', 'doctor.tunnel.kind.submariner')
    : verdict('tunnel', 'advice', 'doctor.submariner.notConnected', {}, 'doctor.tunnel.problem.action');
}
