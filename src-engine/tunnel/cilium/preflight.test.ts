import { expect, test } from 'vitest';
import type { PeerMesh } from '../../../src-shared/cilium-messages.ts';
import { firstMeshProblem, meshPreflight, type MeshFacts } from './preflight.ts';

const whole = { ready: 1, total: 1 };
const own: NonNullable<MeshFacts['own']> = {
  clusterName: 'core',
  clusterId: 1,
  most: 255,
  datapath: 'tunnel vxlan',
  podCidrs: ['10.1.0.0/16', '10.1.0.0/24'],
  agents: whole,
  apiserver: { ...whole, address: null },
  version: 'v1.16.5',
  remotes: [],
  authority: 'a',
};
const mesh: PeerMesh = {
  clusterName: 'edge',
  clusterId: 2,
  most: 255,
  datapath: 'tunnel vxlan',
  podCidrs: ['10.2.0.0/16'],
  agents: whole,
  apiserver: whole,
  remotes: [],
  authority: 'a',
};
const said = { known: true, hasTool: true, mesh, apiUrl: 'https://192.168.1.20:6443' };
const good: MeshFacts = {
  cluster: { name: 'lab', provider: 'kind', state: 'running' },
  apiAnswers: true,
  toolProblem: null,
  own,
  linkUp: true,
  peer: said,
  peerApiAnswers: true,
};
const withOwn = (more: Partial<typeof own>): Partial<MeshFacts> => ({ own: { ...own, ...more } });
const withPeer = (more: Partial<PeerMesh>): Partial<MeshFacts> => ({
  peer: { ...said, mesh: { ...mesh, ...more } },
});

test('all is well, line by line', () => {
  expect(meshPreflight(good).filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
});

test.each<[string, Partial<MeshFacts>, string, string?]>([
  ['no cluster', { cluster: null }, 'ciliumAbsent'],
  ['a built-in one', { cluster: { name: 'lab', provider: 'embedded', state: 'running' } }, 'ciliumAbsent'],
  [
    'one that stands still',
    { cluster: { name: 'lab', provider: 'kind', state: 'stopped' } },
    'clusterNotRunning',
  ],
  ['an API that is silent', { apiAnswers: false, own: null }, 'apiUnreachable'],
  ['no tool', { toolProblem: { code: 'ciliumMissing', params: {} } }, 'ciliumMissing'],
  ['no Cilium', { own: null }, 'ciliumAbsent'],
  ['an agent that is not ready', withOwn({ agents: { ready: 1, total: 2 } }), 'ciliumAgentsNotReady', 'own'],
  ['no agents', withOwn({ agents: { ready: 0, total: 0 } }), 'ciliumAgentsNotReady', 'own'],
  ['no Cluster Mesh', withOwn({ apiserver: null }), 'clusterMeshOff', 'own'],
  [
    'one that is down',
    withOwn({ apiserver: { ready: 0, total: 1, address: null } }),
    'clusterMeshDown',
    'own',
  ],
  ['no link', { linkUp: false }, 'peerAway'],
  ['another Mac that says nothing', { peer: null }, 'peerAway'],
  ['no Cilium over there', { peer: { ...said, mesh: null, apiUrl: null } }, 'ciliumPeerAbsent'],
  [
    'a cluster over there that is silent',
    { peer: { ...said, known: false, mesh: null, apiUrl: null } },
    'ciliumPeerApiSilent',
    'peer',
  ],
  ['no tool over there', { peer: { ...said, hasTool: false } }, 'ciliumMissing', 'peer'],
  ['agents over there', withPeer({ agents: { ready: 0, total: 1 } }), 'ciliumAgentsNotReady', 'peer'],
  ['no Cluster Mesh over there', withPeer({ apiserver: null }), 'clusterMeshOff', 'peer'],
  ['a name that was never given', withOwn({ clusterName: 'default' }), 'ciliumIdentity', 'own'],
  ['a name that is too long', withOwn({ clusterName: 'a'.repeat(33) }), 'ciliumIdentity', 'own'],
  ['an ID that was never given', withOwn({ clusterId: 0 }), 'ciliumIdentity', 'own'],
  ['an ID beyond what is counted', withOwn({ clusterId: 256 }), 'ciliumIdentity', 'own'],
  ['no ID over there', withPeer({ clusterId: 0 }), 'ciliumIdentity', 'peer'],
  ['one name', withPeer({ clusterName: 'core' }), 'ciliumNamesSame'],
  ['one ID', withPeer({ clusterId: 1 }), 'ciliumIdsSame'],
  ['other counting', withPeer({ most: 511 }), 'ciliumMostDiffers'],
  ['another datapath', withPeer({ datapath: 'native' }), 'ciliumDatapathDiffers'],
  ['networks that meet', withPeer({ podCidrs: ['10.3.0.0/16', '10.1.7.0/24'] }), 'cidrsOverlap', 'cilium'],
  ['another authority', withPeer({ authority: 'b' }), 'ciliumAuthorityDiffers'],
  ['an API that is not on the LAN', { peer: { ...said, apiUrl: null } }, 'ciliumPeerApiHidden'],
  ['an API that does not answer', { peerApiAnswers: false }, 'ciliumPeerApiSilent'],
])('%s is named', (_what, change, code, why) => {
  const wrong = firstMeshProblem(meshPreflight({ ...good, ...change }));
  expect([wrong?.code, wrong?.params['why']]).toEqual([code, why]);
});

test('what cannot be looked at stops nothing, and is not said to be well', () => {
  const lines = meshPreflight({ ...good, ...withPeer({ authority: null, podCidrs: [] }) });
  expect(firstMeshProblem(lines)).toBeNull();
  expect(lines.filter(({ verdict }) => verdict === 'unknown').map(({ id }) => id)).toEqual([
    'podNetworks',
    'authority',
  ]);
});

test('an ID up to 511 is right where both clusters count so far', () => {
  const wide = { ...withOwn({ most: 511, clusterId: 400 }), ...withPeer({ most: 511 }) };
  expect(firstMeshProblem(meshPreflight({ ...good, ...wide }))).toBeNull();
});
