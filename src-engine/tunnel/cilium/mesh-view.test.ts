import { expect, test } from 'vitest';
import type { Mesh } from './mesh.ts';
import { CONNECT_MS, meshShown, STALE_MS, type MeshFacts } from './mesh-view.ts';

const mesh: Mesh = {
  clusterName: 'core',
  clusterId: 1,
  most: 255,
  datapath: 'tunnel vxlan',
  podCidrs: [],
  agents: { ready: 2, total: 2 },
  apiserver: { ready: 1, total: 1, address: '172.30.1.2:32379' },
  version: 'v1.16.5',
  remotes: ['edge'],
};
const NOW = 1_000_000;
const word = { remote: 'edge', configured: 2, connected: 2, total: 2, saidMs: NOW - 1000 };
const facts: MeshFacts = {
  seen: { kind: 'mesh', mesh },
  cluster: 'lab',
  peerName: 'edge',
  word,
  toolProblem: null,
  now: { monotonicMs: NOW, wallMs: Date.parse('2026-01-01T00:00:01Z') },
  apartMs: null,
};
const shown = (more: Partial<MeshFacts>, meshMore: Partial<Mesh> = {}) =>
  meshShown({ ...facts, seen: { kind: 'mesh', mesh: { ...mesh, ...meshMore } }, ...more });
const short = (more: Partial<MeshFacts>, meshMore: Partial<Mesh> = {}) => {
  const { state, problem } = shown(more, meshMore);
  return [state, problem?.code ?? null];
};

test('every agent reaches the other cluster: connected, with the age of their word', () => {
  const { state, view } = shown({});
  expect(state).toBe('connected');
  expect(view.peer).toEqual({
    clusterName: 'edge',
    state: 'connected',
    connected: 2,
    total: 2,
    seenAt: '2026-01-01T00:00:00.000Z',
  });
});

test('some of them do: connecting, and named when it takes longer than a first time may', () => {
  const half = { ...word, connected: 1 };
  expect(short({ word: half, apartMs: CONNECT_MS })).toEqual(['connecting', null]);
  expect(short({ word: half, apartMs: CONNECT_MS + 1 })).toEqual(['connecting', 'clusterMeshApart']);
  expect(short({ word: { ...word, connected: 0, total: 0 } })).toEqual(['connecting', null]);
});

test('a word that is too old is none, and neither is one about another cluster', () => {
  expect(short({ word: { ...word, saidMs: NOW - STALE_MS } })[0]).toBe('connected');
  const stale = { ...word, saidMs: NOW - STALE_MS - 1000 };
  expect(short({ word: stale })).toEqual(['unknown', 'clusterMeshUnsaid']);
  expect(shown({ word: stale }).view.peer).toMatchObject({ state: 'unknown', connected: null });
  expect(short({ word: { ...word, remote: 'third' } })).toEqual(['unknown', null]);
});

test('why the agents are not asked is said before that they are silent', () => {
  const toolProblem = { code: 'ciliumMissing', params: {} } as const;
  expect(short({ word: null, toolProblem })).toEqual(['unknown', 'ciliumMissing']);
  expect(short({ word: { ...word, saidMs: 0 }, toolProblem })).toEqual(['unknown', 'ciliumMissing']);
  // What was said a moment ago holds, though it could not be asked again just now.
  expect(short({ toolProblem })).toEqual(['connected', null]);
});

test('what is wrong in this cluster comes before its way to the other', () => {
  expect(short({}, { agents: { ready: 1, total: 2 } })).toEqual(['error', 'ciliumAgentsNotReady']);
  expect(short({}, { apiserver: { ready: 0, total: 1, address: null } })).toEqual([
    'error',
    'clusterMeshDown',
  ]);
});

test('it is told of no other cluster, or of another one than the other Mac’s', () => {
  expect(short({}, { remotes: [] })).toEqual(['none', null]);
  expect(short({}, { remotes: [], apiserver: null })).toEqual(['none', 'clusterMeshOff']);
  expect(short({}, { remotes: ['third'] })).toEqual(['none', null]);
  // As long as the other Mac has not said who it is, none of them is taken for it.
  expect(short({ peerName: null })).toEqual(['unknown', null]);
  expect(short({ peerName: null }, { remotes: [] })).toEqual(['none', null]);
});

test('a cluster that does not answer is unknown, one without Cilium is not', () => {
  expect(short({ seen: { kind: 'noAnswer' } })).toEqual(['unknown', null]);
  expect(short({ seen: { kind: 'absent' } })).toEqual(['error', 'ciliumAbsent']);
});
