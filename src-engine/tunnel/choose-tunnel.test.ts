import { expect, test } from 'vitest';
import { chooseTunnel, type TunnelFacts } from './choose-tunnel.ts';

const kind: TunnelFacts = { setting: 'auto', provider: 'kind', hasTool: true, claim: null, cilium: null };

test.each<[Partial<TunnelFacts>, string]>([
  [{}, 'notJoined'],
  [{ hasTool: false }, 'noTool'],
  // A tool would not help: what is more final is named.
  [{ provider: 'embedded', hasTool: false }, 'embedded'],
  [{ provider: 'minikube' }, 'minikube'],
  [{ provider: null, hasTool: false }, 'noCluster'],
])('by itself it is LAN mode, and says why: %j', (facts, why) => {
  expect(chooseTunnel({ ...kind, ...facts })).toEqual({ kind: 'lan', why });
});

test('a person’s choice stands, whatever is installed', () => {
  expect(chooseTunnel({ ...kind, setting: 'lan' })).toEqual({ kind: 'lan', why: 'setting' });
  expect(chooseTunnel({ ...kind, setting: 'cilium' })).toEqual({ kind: 'cilium', why: 'setting' });
  expect(chooseTunnel({ ...kind, setting: 'submariner' })).toEqual({ kind: 'submariner', why: 'setting' });
  expect(chooseTunnel({ ...kind, setting: 'none' })).toBeNull();
});

test('a cluster that has joined is connected by that, and by LAN mode again when a person says so', () => {
  expect(chooseTunnel({ ...kind, claim: 'joined' })).toEqual({ kind: 'submariner', why: 'joined' });
  expect(chooseTunnel({ ...kind, claim: 'joining' })).toEqual({ kind: 'submariner', why: 'joining' });
  expect(chooseTunnel({ ...kind, claim: 'joined', setting: 'lan' })).toEqual({ kind: 'lan', why: 'setting' });
});

test('Cluster Mesh is chosen by itself only where it connects the clusters; where it could, LAN mode says so', () => {
  expect(chooseTunnel({ ...kind, cilium: 'joined' })).toEqual({ kind: 'cilium', why: 'joined' });
  expect(chooseTunnel({ ...kind, cilium: 'possible' })).toEqual({ kind: 'lan', why: 'notMeshed' });
  expect(chooseTunnel({ ...kind, cilium: 'joined', setting: 'lan' })).toEqual({
    kind: 'lan',
    why: 'setting',
  });
  expect(chooseTunnel({ ...kind, cilium: 'joined', claim: 'joined' })).toEqual({
    kind: 'submariner',
    why: 'joined',
  });
});
