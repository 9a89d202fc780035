import { TandemFailure, type Result } from '../../src-shared/errors/result.ts';
import { createTurns } from '../platform/turns.ts';
import { removePeer, writePeer } from './identity/peer-file.ts';
import type { LinkParts, PeerKeeper } from './link-parts.ts';
import type { PairedPeer } from './ports.ts';
import type { SettledRole } from './pairing/roles.ts';

export function createPeerKeeper(parts: LinkParts): PeerKeeper {
  const { ports, state } = parts;
  const { inTurn } = createTurns();
  return {
    store: (peer, ownRole) => inTurn(() => store(parts, peer, ownRole)),
    update: (part) =>
      inTurn(async () => {
        if (state.paired === null) return;
        const next = { ...state.paired, ...part };
        if (JSON.stringify(next) === JSON.stringify(state.paired)) return;
        state.paired = next;
        const written = await writePeer(ports.identityFolder, next);
        if (!written.ok) ports.log.error({ error: written.error }, 'peer.json not written');
      }),
    unpair: (why) => inTurn(() => unpair(parts, why)),
  };
}

async function store(parts: LinkParts, peer: PairedPeer, ownRole: SettledRole): Promise<void> {
  const { ports, state, beat, breaks, sessions, presence } = parts;
  // The role first: it alone pairs nobody, while a peer on the disk would be back at the next start.
  const role = await ports.setRole(ownRole);
  if (!role.ok) throw new TandemFailure(role.error.code, role.error.params);
  const written = await writePeer(ports.identityFolder, peer);
  if (!written.ok) throw new TandemFailure(written.error.code, written.error.params);
  sessions.setPeer(null);
  beat.forget();
  breaks.forget();
  Object.assign(state, { paired: peer, told: null, bye: null, moved: null, peerMac: null });
  ports.history.add({
    kind: 'peer.paired',
    what: `paired with ${peer.name}, this Mac is ${ownRole}`,
    evidence: { name: peer.name, pin: peer.pin, role: peer.role },
  });
  void presence.refresh();
}

async function unpair(parts: LinkParts, why: 'here' | 'there'): Promise<Result<null>> {
  const { ports, state, beat, breaks, sessions, teller, presence } = parts;
  const { paired } = state;
  // What cannot be removed from the disk stays paired: it would be back at the next start.
  const removed = await removePeer(ports.identityFolder);
  if (!removed.ok || paired === null) return removed;
  if (why === 'here') sessions.current()?.send({ type: 'UNPAIR' });
  teller.setSession(null);
  sessions.setPeer(null);
  beat.forget();
  breaks.forget();
  Object.assign(state, {
    paired: null,
    told: null,
    bye: null,
    moved: null,
    peerMac: null,
    peerProblem: null,
  });
  ports.history.add({
    kind: 'peer.unpaired',
    what: `unpaired from ${paired.name}`,
    why: why === 'there' ? 'the other Mac unpaired' : null,
    evidence: { name: paired.name, pin: paired.pin },
  });
  if (why === 'there') ports.tell({ type: 'peer', kind: 'peerUnpaired', params: { name: paired.name } });
  await presence.refresh();
  return removed;
}
