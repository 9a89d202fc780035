import type { DoctorCheck } from '../../../src-shared/commands/housekeeping.ts';
import { isMessageKey, type MessageKey, type Params } from '../../../src-shared/language/translate.ts';
import type { LinkState, OwnLink, Peer } from '../../../src-shared/world/peer.ts';
import { verdict, type Check } from '../check.ts';

/**
 * The way to the other Mac: paired or not, where this one listens or why it does not, whether the other is heard.
 * The other Mac's name is not said: a diagnostics bundle goes to strangers.
 */
export const linkCheck: Check = {
  name: 'link',
  async run({ pair }) {
    const [identity, engine] = await Promise.all([pair.identity(), pair.engine()]);
    if (identity.trouble !== null) return told('problem', 'error.identityUnreadable', identity.trouble);
    // Only an engine knows: another program, such as this one in a terminal, may have another permission.
    const denied = engine !== null && (await pair.localNetworkDenied()) === true;
    if (denied || engine?.peer?.class === 'LOCAL_NETWORK_DENIED')
      return told('problem', 'error.localNetworkDenied');
    if (engine !== null && engine.link.problem !== null)
      return told('problem', `error.${engine.link.problem.code}`, engine.link.problem.params);
    if (!identity.paired)
      return verdict('link', 'advice', 'doctor.link.unpaired', {}, 'doctor.link.unpaired.action');
    if (engine === null)
      return verdict('link', 'advice', 'doctor.link.engineless', {}, 'doctor.engine.none.action');
    return ofPair(engine.link, engine.peer);
  },
};

function ofPair({ network, router, listening }: OwnLink, peer: Peer | null): DoctorCheck {
  switch (network) {
    case 'none':
      return told('problem', 'error.noNetwork');
    case 'other':
      return elsewhere('doctor.link.otherNetwork', router);
    case 'refused':
      return elsewhere('doctor.link.refusedNetwork', router);
    case 'unpaired':
    case 'home':
    case 'trusted':
      return listening === null
        ? verdict('link', 'problem', 'doctor.link.deaf', {}, 'doctor.link.deaf.action')
        : heard(peer?.link ?? 'never', listening);
  }
}

function elsewhere(key: MessageKey, router: string | null): DoctorCheck {
  return verdict('link', 'advice', key, { router: router ?? '-' }, 'doctor.link.otherNetwork.action');
}

function heard(state: LinkState, listening: string): DoctorCheck {
  switch (state) {
    case 'up':
      return verdict('link', 'ok', 'doctor.link.up', { listening });
    case 'left':
      return verdict('link', 'ok', 'doctor.link.left', { listening });
    case 'never':
    case 'suspect':
    case 'down':
      return verdict('link', 'advice', 'doctor.link.unheard', { listening }, 'doctor.link.unheard.action');
  }
}

/** An error's own sentence and hint. */
function told(how: DoctorCheck['verdict'], key: string, params: Params = {}): DoctorCheck {
  const sentence = isMessageKey(key) ? key : 'error.internal';
  const hint = `${sentence}.hint`;
  return verdict('link', how, sentence, params, isMessageKey(hint) ? hint : null);
}
