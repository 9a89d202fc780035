import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { ok } from '../../src-shared/errors/result.ts';
import { defaultSettings } from '../../src-shared/settings.ts';
import type { Problem } from '../../src-shared/world/traffic.ts';
import { systemScheduler } from '../../src-engine/platform/clock.ts';
import { silentLog } from '../../src-engine/platform/log.ts';
import { gatewayFront } from '../../src-engine/traffic/gateway-api/gateway-front.ts';
import type { FrontConfig } from '../../src-engine/traffic/ports.ts';
import { keepBackends, openClusterApi, type ClusterApi } from '../../src-engine/wire-gateway.ts';
import { fakeFronts } from '../doubles/fake-front.ts';
import { fakeTime } from '../doubles/fake-time.ts';
import { openPlane, type Plane } from './rig/plane.ts';

export const ROUTE = 'tandem-front';
export const shares = (edge: number) => ({ core: 100 - edge, edge });
export const config: FrontConfig = {
  listen: { host: '192.0.2.1', port: 80 },
  core: { host: '127.0.0.1', port: 47_390, healthPath: '/' },
  edge: {
    host: '192.0.2.8',
    port: 47_381,
    tls: { ownPemFile: '/own.pem', peerPemFile: '/peer.pem', peerPin: 'pin' },
  },
};

const CLASS = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'GatewayClass', metadata: { name: 'rig' } };
const GATEWAY = { ...CLASS, kind: 'Gateway', metadata: { name: 'web', namespace: 'default' } };
const listeners = [{ name: 'http', protocol: 'HTTP', port: 80 }];
/** A Gateway that nobody carries out. */
export const gatewayObjects = [
  { ...CLASS, spec: { controllerName: 'example.com/gateway' } },
  { ...GATEWAY, spec: { gatewayClassName: 'rig', listeners } },
];

/** Called once in a file: a real API server for all of its tests. */
export function gatewayScene() {
  const scene = {} as { core: Plane; api: ClusterApi };
  beforeAll(async () => {
    scene.core = await openPlane('core', { nodes: 0 });
    const opened = await openClusterApi(scene.core.kubeconfig, systemScheduler);
    if (opened === null) throw new Error('the kubeconfig cannot be read');
    scene.api = opened;
  });
  afterAll(() => scene.core?.dispose());
  const jsonPath = (path: string): Promise<string> =>
    scene.core.kubectl('get', 'httproute', ROUTE, '-o', `jsonpath=${path}`);
  return {
    scene,
    jsonPath,
    weights: () => jsonPath('{.spec.rules[0].backendRefs[*].weight}'),
    bench: () => benchOver(scene),
    /** A front that is open, over our route at 20/80, made anew. */
    async opened() {
      await scene.core.kubectl('delete', 'httproute', ROUTE, '--ignore-not-found');
      const all = benchOver(scene);
      expect(await all.front.open(config, shares(80))).toEqual(ok('started'));
      return all;
    },
    /** The weights by `kubectl patch`. */
    byHand: (edge: number) =>
      scene.core.kubectl('patch', 'httproute', ROUTE, '--type=json', '-p', weightsPatch(edge)),
  };
}

function benchOver({ core, api }: { readonly core: Plane; readonly api: ClusterApi }) {
  const time = fakeTime();
  const fronts = fakeFronts();
  const said: (Problem | null)[] = [];
  const world = { settings: defaultSettings.traffic.gateway };
  const make = () =>
    gatewayFront({
      ...time,
      log: silentLog,
      passage: fronts.make('embedded'),
      passageLives: async () => fronts.process !== null,
      settings: () => world.settings,
      clusterName: () => core.name,
      place: async () => ok({ listenHost: '172.18.0.1', seenAs: '172.18.0.1', allow: ['172.18.0.0/16'] }),
      hands: async () => ok(api.gateway),
      keepBackends: (namespace, backends) => keepBackends(api.services, core.name, namespace, backends),
      answers: async () => true,
      note: () => undefined,
    });
  const front = make();
  front.onState(({ problem }) => said.push(problem));
  onTestFinished(() => front.dispose('keep'));
  return { time, fronts, said, world, make, front };
}

function weightsPatch(edge: number): string {
  const at = (index: number, value: number) => ({
    op: 'replace',
    path: `/spec/rules/0/backendRefs/${index}/weight`,
    value,
  });
  return JSON.stringify([at(0, 100 - edge), at(1, edge)]);
}

/** The Gateway API as it was before 1.0. */
export const oldCrd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: 'httproutes.gateway.networking.k8s.io',
    annotations: { 'api-approved.kubernetes.io': 'unapproved, of a test' },
  },
  spec: {
    group: 'gateway.networking.k8s.io',
    scope: 'Namespaced',
    names: { plural: 'httproutes', singular: 'httproute', kind: 'HTTPRoute', listKind: 'HTTPRouteList' },
    versions: [
      {
        name: 'v1beta1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
