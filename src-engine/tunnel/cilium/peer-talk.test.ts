import { expect, test } from 'vitest';
import { fail, ok } from '../../../src-shared/errors/result.ts';
import { systemScheduler } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { LONGEST_ACCESS } from './access.ts';
import { openPeerTalk, type PeerTalk, type TalkPorts } from './peer-talk.ts';

const silent = { info() {}, warn() {}, error() {}, debug() {} } as unknown as Logger;
const mesh = {
  clusterName: 'edge',
  clusterId: 2,
  most: 255,
  datapath: 'native',
  podCidrs: ['10.2.0.0/16'],
  agents: { ready: 1, total: 1 },
  apiserver: null,
  remotes: [],
  authority: null,
};

/** Two Macs on one wire; what the edge gives is the test's. */
function pair(edgeMore: Partial<TalkPorts> = {}, isUp = true) {
  const talks: { core?: PeerTalk; edge?: PeerTalk } = {};
  const heard: unknown[] = [];
  const open = (other: () => PeerTalk | undefined, more: Partial<TalkPorts> = {}): PeerTalk =>
    openPeerTalk({
      scheduler: systemScheduler,
      log: silent,
      send: (payload) => isUp && other()?.heard(JSON.parse(JSON.stringify(payload))) === true,
      sendSecret: (name, value) => isUp && other()?.heardSecret(name, value) === true,
      ownFacts: async (of) => ({
        known: true,
        hasTool: true,
        mesh,
        apiUrl: 'https://192.168.1.20:6443',
        reach: of === null ? null : { clusterName: of, connected: 1, total: 2 },
      }),
      ownAccess: async () => ok('a kubeconfig'),
      exported: async (services) => void heard.push(services),
      left: async () => void heard.push('left'),
      ...more,
    });
  talks.core = open(() => talks.edge);
  talks.edge = open(() => talks.core, edgeMore);
  return { core: talks.core, edge: talks.edge, heard };
}

test('a question is answered, and remembered', async () => {
  const { core } = pair();
  expect(core.last()).toBeNull();
  expect(await core.ask()).toMatchObject({ mesh, apiUrl: 'https://192.168.1.20:6443' });
  expect(core.last()).toMatchObject({ mesh, reach: null });
  expect(await core.ask('core')).toMatchObject({ reach: { clusterName: 'core', connected: 1, total: 2 } });
  core.forget();
  expect(core.last()).toBeNull();
});

test('a kubeconfig comes as a secret, to the question that asked for it', async () => {
  const { core } = pair();
  expect(await core.askForAccess()).toEqual({ ok: true, value: 'a kubeconfig' });
  // Nobody waits for it: it is taken from the wire and lost.
  expect(core.heardSecret('cilium-kubeconfig/1', 'x')).toBe(true);
  expect(core.heardSecret('submariner-broker/1', 'x')).toBe(false);
});

test.each([
  [fail('ciliumPeerHolds'), 'ciliumPeerHolds'],
  [fail('ciliumPeerApiHidden'), 'ciliumPeerApiHidden'],
  [fail('ciliumPeerBusy'), 'ciliumPeerBusy'],
  // Nobody's word but these is taken over the wire.
  [fail('apiUnreachable', { name: 'lab' }), 'ciliumPeerHolds'],
  [ok('x'.repeat(LONGEST_ACCESS + 1)), 'ciliumPeerHolds'],
])('what is withheld is refused by name', async (given, code) => {
  const { core } = pair({ ownAccess: async () => given });
  expect(await core.askForAccess()).toMatchObject({ ok: false, error: { code } });
});

test('without a session there is no answer', async () => {
  const { core } = pair({}, false);
  expect(await core.ask()).toBeNull();
  expect(await core.askForAccess()).toMatchObject({ error: { code: 'peerAway' } });
});

test('exports are taken whole, and junk is nobody’s', () => {
  const { core, heard } = pair();
  const services = [{ namespace: 'shop', name: 'web', ports: [{ name: null, port: 80 }] }];
  expect(core.heard({ type: 'cilium.exports', services })).toBe(true);
  expect(core.heard({ type: 'cilium.left' })).toBe(true);
  expect(
    core.heard({ type: 'cilium.exports', services: [{ namespace: '../etc', name: 'web', ports: [] }] }),
  ).toBe(true);
  expect(heard).toEqual([services, 'left']);
  expect(core.heard({ type: 'exports', services: [] })).toBe(false);
});
