import type { DoctorCheck } from '../../../src-shared/commands/housekeeping.ts';
import type { GateView } from '../../../src-shared/world/traffic.ts';
import { verdict, type Check } from '../check.ts';

/** The edge's gate: ready or why not; where the engine cannot tell, whether anything answers there. */
export const gateCheck: Check = {
  name: 'gate',
  async run({ settings, traffic }) {
    if (settings.role !== 'edge') return verdict('gate', 'ok', 'doctor.gate.none');
    const engine = await traffic.engine();
    if (engine === null)
      return verdict('gate', 'advice', 'doctor.gate.engineless', {}, 'doctor.engine.none.action');
    const gate = engine.traffic?.gate ?? null;
    if (gate !== null) return ofGate(gate);
    // The core has not said its word since this engine began: the gate is looked at itself.
    const listen = await traffic.gateAddress();
    if (listen === null)
      return verdict('gate', 'advice', 'doctor.gate.unknown', {}, 'doctor.gate.unknown.action');
    return (await traffic.answers(listen))
      ? verdict('gate', 'ok', 'doctor.gate.open', { listen })
      : verdict('gate', 'problem', 'doctor.gate.closed', { listen }, 'doctor.gate.closed.action');
  },
};

function ofGate({ ready, notReady, listen }: GateView): DoctorCheck {
  const params = { listen: listen ?? '-' };
  if (ready) return verdict('gate', 'ok', 'doctor.gate.ready', params);
  switch (notReady) {
    case 'upstreamDown':
      return verdict(
        'gate',
        'problem',
        'doctor.gate.upstreamDown',
        params,
        'doctor.gate.upstreamDown.action',
      );
    case 'paused':
    case 'stayOut':
      return verdict('gate', 'advice', `doctor.gate.${notReady}`, params, 'doctor.gate.out.action');
    case 'leaving':
      return verdict('gate', 'ok', 'doctor.gate.leaving', params);
    case 'starting':
    case null:
      return verdict('gate', 'advice', 'doctor.gate.starting', params, 'doctor.gate.closed.action');
  }
}
