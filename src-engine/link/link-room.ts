import { fail, type TandemError } from '../../src-shared/errors/result.ts';
import { noLink } from '../../src-shared/world/peer.ts';
import type { Disposable } from '../platform/clock.ts';
import { buildParts } from './build-parts.ts';
import { hear, noteGap, sayBye } from './host-events.ts';
import { openIdentity } from './identity/identity-files.ts';
import { readPeer } from './identity/peer-file.ts';
import { relearnRouter } from './link-events.ts';
import { linkHandlers, shutHandlers } from './link-handlers.ts';
import type { LinkParts } from './link-parts.ts';
import type { LinkCourier, LinkPorts, LinkRoom } from './link-ports.ts';

/** While somebody looks. */
const LIVE_MS = 1000;
const GAP_MS = 10_000;
/** What was in the way may be gone: a port that was taken, a role that was equal, a connection that died silently. */
const RETRY_MS = 10_000;
/** Between two looks at a router that has not answered yet. */
const ROUTER_MS = 5 * 60_000;

/**
 * The other Mac: pairing, session, heartbeat, classification.
 *
 * Keys that cannot be read are an error that every verb of the link answers with; never a reason for new keys, or
 * for an engine that does not start.
 */
export async function openLink(ports: LinkPorts): Promise<LinkRoom> {
  const identity = await openIdentity(ports.identityFolder);
  const paired = identity.ok ? await readPeer(ports.identityFolder) : identity;
  if (!identity.ok) return shutRoom(ports, identity.error);
  if (!paired.ok) return shutRoom(ports, paired.error);
  return openRoom(buildParts(ports, identity.value, paired.value));
}

function shutRoom(ports: LinkPorts, error: TandemError): LinkRoom {
  const link = { ...noLink, problem: { code: error.code, params: { ...error.params } } };
  ports.log.error({ error }, 'the link stays shut');
  ports.publish(link, null);
  const nothing = (): void => undefined;
  return {
    handlers: shutHandlers(error, link, ports.history),
    courier: shutCourier,
    hostEvent: nothing,
    setLive: nothing,
    refreshAges: nothing,
    ownChanged: nothing,
    settingsChanged: nothing,
    dispose: async () => undefined,
  };
}

/** Nobody is reached without keys. */
const shutCourier: LinkCourier = {
  send: () => false,
  sendTunnel: () => false,
  sendSecret: () => false,
  leaveNow: async () => false,
  fact: () => ({ state: 'never', class: 'NEVER_SEEN', byeReason: null, silenceMs: null }),
  ask: async () => fail('peerAway'),
  subscribe: () => () => undefined,
};

function openRoom(parts: LinkParts): LinkRoom {
  const { scheduler } = parts.ports;
  let live: Disposable | null = null;
  const timers = [
    scheduler.every(GAP_MS, () => noteGap(parts)),
    scheduler.every(ROUTER_MS, () => relearnRouter(parts)),
    scheduler.every(RETRY_MS, () => {
      const { home, listening, peerProblem } = parts.state;
      const isDeaf = (home === 'home' || home === 'trusted') && listening === null;
      if (isDeaf || peerProblem?.code === 'rolesEqual') void parts.presence.refresh();
      const { phase, silenceMs } = parts.beat.now();
      if (phase === 'down' && (silenceMs ?? 0) > RETRY_MS) parts.sessions.setDoubt(true);
    }),
  ];
  void parts.presence.refresh();
  const refreshAges = (): void => {
    if (parts.state.paired !== null) parts.publish();
  };
  return {
    handlers: linkHandlers(parts),
    courier: parts.courier,
    hostEvent: (event) => hear(parts, event),
    setLive(looked) {
      live?.dispose();
      live = looked ? scheduler.every(LIVE_MS, refreshAges) : null;
    },
    refreshAges,
    ownChanged: () => parts.teller.changed(),
    settingsChanged: () => void parts.watch.check().then(() => parts.presence.refresh()),
    dispose() {
      for (const timer of timers) timer.dispose();
      live?.dispose();
      return disposeParts(parts);
    },
  };
}

async function disposeParts(parts: LinkParts): Promise<void> {
  sayBye(parts, 'quit');
  parts.watch.dispose();
  await parts.presence.dispose();
  parts.breaks.dispose();
  parts.teller.dispose();
  parts.discovery.dispose();
  await parts.pairing.dispose();
  await parts.sessions.dispose();
  parts.beat.dispose();
  await parts.trace?.flush();
  parts.trace?.dispose();
}
