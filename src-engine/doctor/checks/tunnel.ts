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
    const blocked = [...exports, ...imports].find((each) => each.problem !== null)?.problem ?? null;
    const wrong = problem ?? blocked;
    if (wrong !== null) {
      const { message } = errorSentences(wrong, english);
      const params = { ...wrong.params, message };
      return verdict('tunnel', 'problem', problemOf[kind], params, 'doctor.tunnel.problem.action');
    }
    if (kind !== 'lan') return ofTunnel(kind, state);
    if (state === 'none') return verdict('tunnel', 'ok', 'doctor.tunnel.idle');
    const params = { exports: exports.length, imports: imports.length };
    return verdict('tunnel', 'ok', 'doctor.tunnel.works', params);
  },
};

const problemOf = {
  lan: 'doctor.tunnel.problem',
  submariner: 'doctor.submariner.problem',
  cilium: 'doctor.cilium.problem',
} as const;

function ofTunnel(kind: Exclude<Tunnel['kind'], 'lan'>, state: Tunnel['state']) {
  return state === 'connected'
    ? verdict('tunnel', 'ok', `doctor.tunnel.kind.${kind}`)
    : verdict('tunnel', 'advice', `doctor.${kind}.notConnected`, {}, 'doctor.tunnel.problem.action');
}
