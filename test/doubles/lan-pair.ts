import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { fail, ok } from '../../src-shared/errors/result.ts';
import type { Settings } from '../../src-shared/settings.ts';
import type { Tunnel } from '../../src-shared/world/tunnel.ts';
import { systemClock, systemScheduler } from '../../src-engine/platform/clock.ts';
import type { Logger } from '../../src-engine/platform/log.ts';
import { loopbackPlace } from '../../src-engine/tunnel/lan/host-place.ts';
import type { LinkWord, RelayAdapter, TunnelPorts, TunnelRoom } from '../../src-engine/tunnel/ports.ts';
import type { Relay } from '../../src-engine/tunnel/relay/relay.ts';
import { openTunnel } from '../../src-engine/tunnel/tunnel-room.ts';
import { fakeCluster, type FakeCluster } from './fake-cluster.ts';
import { noCilium } from './no-cilium.ts';
import { noSubmariner } from './no-submariner.ts';
import { pairOfKeys, type KeyPair } from './pair-keys.ts';
import { pemOf, testRelay } from './relay-pair.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** One Mac's tunnel room, with a cluster in memory and a real relay in this process. */
export interface LanMac {
  readonly room: TunnelRoom;
  readonly cluster: FakeCluster;
  readonly folder: string;
  tunnel(): Tunnel | null;
  readonly facts: {
    link: LinkWord;
    setting: Settings['tunnel'];
    paired: boolean;
    /** Its keys cannot be read. */
    unreadable: boolean;
    hasCluster: boolean;
    state: 'running' | 'degraded';
    /** Docker tells how pods reach this Mac. */
    hasPlace: boolean;
  };
  /** The engine ends as in a crash, or by an update, and another one begins; the relay lives on. */
  restart(): Promise<void>;
}

export interface LanPair {
  readonly core: LanMac;
  readonly edge: LanMac;
}

const silent = { info() {}, warn() {}, error() {}, debug() {} } as unknown as Logger;

/** Two Macs whose sessions carry every word at once while `facts.link` is up on both. */
export async function openLanPair(): Promise<LanPair> {
  const keys = pairOfKeys();
  const macs: { core?: LanMac; edge?: LanMac } = {};
  macs.core = await openMac(keys.core, keys.edge.pin, () => macs.edge);
  macs.edge = await openMac(keys.edge, keys.core.pin, () => macs.core);
  macs.core.room.sessionBegan();
  return { core: macs.core, edge: macs.edge };
}

async function openMac(own: KeyPair, peerPin: string, other: () => LanMac | undefined): Promise<LanMac> {
  const folder = temporaryFolder('lan');
  const ownPemFile = join(folder, 'own.pem');
  writeFileSync(ownPemFile, pemOf(own));
  const cluster = fakeCluster();
  const relay = testRelay();
  const facts: LanMac['facts'] = {
    link: { state: 'up', byeReason: null },
    setting: { kind: 'auto', names: true, relayListen: '' },
    paired: true,
    unreadable: false,
    hasCluster: true,
    state: 'running',
    hasPlace: true,
  };
  let shown: Tunnel | null = null;
  const ports: TunnelPorts = {
    clock: systemClock,
    scheduler: systemScheduler,
    log: silent,
    runFolder: folder,
    settings: () => facts.setting,
    cluster: () => (facts.hasCluster ? { name: 'lab', provider: 'kind', state: facts.state } : null),
    hostPort: () => 47_390,
    link: () => facts.link,
    linkHost: () => '127.0.0.1',
    async pair() {
      if (facts.unreadable) return fail('identityUnreadable', { path: ownPemFile });
      return facts.paired ? ok({ ownPemFile, peerPin }) : fail('notPaired');
    },
    hasTool: async () => false,
    kubeconfig: async () => 'a kubeconfig',
    openHands: async () => cluster.hands,
    place: async () => (facts.hasPlace ? loopbackPlace : null),
    makeRelay: () => adapterOver(relay, own),
    openSubmariner: async () => noSubmariner,
    openCilium: async () => noCilium,
    send(payload) {
      const there = other();
      if (facts.link.state !== 'up' || there === undefined) return false;
      there.room.heard(JSON.parse(JSON.stringify(payload)));
      return true;
    },
    publish: (tunnel) => void (shown = tunnel),
    note: () => undefined,
  };
  let room = await openTunnel(ports);
  onTestFinished(() => room.dispose('keep'));
  return {
    get room() {
      return room;
    },
    cluster,
    folder,
    facts,
    tunnel: () => shown,
    async restart() {
      await room.dispose('keep');
      room = await openTunnel(ports);
      room.sessionBegan();
    },
  };
}

/** The relay of this process in the place of the one of its own: it is never ended, as one that outlives the engine. */
function adapterOver(relay: Relay, own: KeyPair): RelayAdapter {
  let isWanted = false;
  return {
    async use(wish) {
      isWanted = true;
      // On any port: tests run beside each other.
      await relay.use(
        { ...wish, listen: wish.listen === null ? null : { ...wish.listen, port: 0 } },
        pemOf(own),
      );
      return ok(undefined);
    },
    state: async () => (isWanted ? relay.state() : null),
    async dispose(how) {
      if (how === 'keep') return;
      const nothing = { listen: null, peer: null, exports: [], imports: [] };
      await relay.use({ ...nothing, tls: { ownPemFile: '/unused', peerPin: '0'.repeat(64) } }, pemOf(own));
      isWanted = false;
    },
  };
}
