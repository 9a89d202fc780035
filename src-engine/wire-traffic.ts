import { fileURLToPath } from 'node:url';
import type { Caller, Handlers } from '../src-shared/commands/registry.ts';
import { ok, type Result } from '../src-shared/errors/result.ts';
import type { HandoffState } from '../src-shared/world/handoff.ts';
import type { World } from '../src-shared/world/world.ts';
import type { HistoryRoom } from './history/history-room.ts';
import { openIdentity } from './link/identity/identity-files.ts';
import { readPeer } from './link/identity/peer-file.ts';
import { pinOfCertificate } from './link/identity/pin.ts';
import { readBootId } from './platform/boot-id.ts';
import type { Platform } from './platform/platform.ts';
import type { SettingsRoom } from './settings/settings-room.ts';
import { addressOf } from './traffic/addresses.ts';
import { embeddedFront } from './traffic/embedded/embedded-front.ts';
import { gateProcess } from './traffic/gate/gate-process.ts';
import { findHaproxy } from './traffic/haproxy/find-haproxy.ts';
import { haproxyFront } from './traffic/haproxy/haproxy-front.ts';
import { lookForFront, lookForPassage } from './traffic/living-front.ts';
import type { PairFacts, TrafficPorts, TrafficRoom } from './traffic/room-ports.ts';
import { openTraffic } from './traffic/traffic-room.ts';
import { makeGatewayFront } from './wire-gateway.ts';
import type { WorldStore } from './world-store.ts';

export interface TrafficNeeds {
  readonly platform: Platform;
  readonly world: WorldStore;
  readonly history: HistoryRoom;
  readonly settings: Pick<SettingsRoom, 'get' | 'subscribe'>;
  readonly clusters: { readonly handlers: Pick<Handlers<Caller>, 'cluster.kubeconfig'> };
  /** Of front and gate; default: out/engine/front.js, beside this file when it is built. */
  readonly program?: string;
}

/** Front and gate stand on the link's identity and address, follow role and settings, and write the World's `traffic`. */
export async function wireTraffic(needs: TrafficNeeds): Promise<TrafficRoom> {
  const { platform, world, settings } = needs;
  const room = await openTraffic(trafficPorts(needs, await readBootId(platform)));
  const leaveRoom = room.subscribe((traffic) => world.write({ traffic }));
  world.write({ traffic: room.view() });
  const leaveWorld = world.subscribe((now, before) => {
    if (standsOn(now) !== standsOn(before)) room.roleChanged();
    // What waited for the end of a departure need not wait for the next try.
    else if (isBusy(before) && !isBusy(now)) room.settingsChanged();
  });
  settings.subscribe(() => room.settingsChanged());
  return {
    ...room,
    async dispose(how) {
      leaveRoom();
      leaveWorld();
      await room.dispose(how);
    },
  };
}

/** What makes front or gate another one, of what the World knows. */
function standsOn({ role, peer, link }: World): string {
  return [role, peer?.pin ?? '', link.pin ?? '', link.listening ?? ''].join(' ');
}

/** A departure, a loss that is being looked into, or a return: nothing of the front is rebuilt meanwhile. */
const busyStates: readonly HandoffState[] = [
  'PREPARING',
  'SHIFTING',
  'VERIFYING',
  'DRAINING',
  'RELEASED',
  'SUSPECT',
  'RETURNING',
];

function isBusy({ handoff }: World): boolean {
  return handoff !== null && busyStates.includes(handoff.state);
}

function trafficPorts(needs: TrafficNeeds, bootId: string): TrafficPorts {
  const { platform, world, history, settings } = needs;
  const { clock, scheduler, home, tools, os } = platform;
  const log = platform.log('traffic');
  const program = needs.program ?? fileURLToPath(new URL('./front.js', import.meta.url));
  const process = { home, clock, scheduler, log };
  return {
    clock,
    scheduler,
    log,
    runFolder: home.run,
    identityFolder: home.identity,
    role: () => settings.get().role,
    settings: () => ({ ...settings.get().traffic, hostPort: settings.get().cluster.hostPort }),
    pair: () => pairFacts(home.identity),
    pinOf: pinOfCertificate,
    linkHost: () => hostOf(world.get().link.listening),
    busy: () => isBusy(world.get()),
    findHaproxy: () => findHaproxy(tools),
    livingFront: async () => (await lookForFront({ home, log })) ?? (await lookForPassage(home)),
    makeFront(kind) {
      switch (kind) {
        case 'haproxy':
          return haproxyFront({ ...process, tools, os });
        case 'embedded':
          return embeddedFront({ ...process, program });
        case 'gateway-api':
          return makeGatewayFront(needs, embeddedFront({ ...process, program, name: 'passage' }));
      }
    },
    makeGate: () => gateProcess({ ...process, program, bootId }),
    note: (kind, what, evidence) => void history.add({ kind, what, evidence }),
  };
}

/** As they stand on the disk now: pairing and unpairing write them before they tell the World. */
async function pairFacts(identityFolder: string): Promise<Result<PairFacts>> {
  const identity = await openIdentity(identityFolder);
  if (!identity.ok) return identity;
  const peer = await readPeer(identityFolder);
  if (!peer.ok) return peer;
  const { keyPem, certificatePem } = identity.value;
  return ok({ keyPem, certificatePem, peerPin: peer.value?.pin ?? null, peerHost: peer.value?.address });
}

function hostOf(listening: string | null): string | null {
  const address = listening === null ? null : addressOf(listening);
  return address?.ok ? address.value.host : null;
}
