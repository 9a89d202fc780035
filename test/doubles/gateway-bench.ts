import { expect, onTestFinished } from 'vitest';
import { ok, type Result } from '../../src-shared/errors/result.ts';
import { defaultSettings } from '../../src-shared/settings.ts';
import type { Problem } from '../../src-shared/world/traffic.ts';
import { silentLog } from '../../src-engine/platform/log.ts';
import { gatewayFront } from '../../src-engine/traffic/gateway-api/gateway-front.ts';
import type { Backend, PassagePlace } from '../../src-engine/traffic/gateway-api/gateway-ports.ts';
import type { FrontConfig } from '../../src-engine/traffic/ports.ts';
import { fakeFronts } from './fake-front.ts';
import { fakeGatewayApi } from './fake-gateway-api.ts';
import { fakeTime } from './fake-time.ts';

export const shares = (edge: number) => ({ core: 100 - edge, edge });
export const TEND_MS = 5000;
export const config: FrontConfig = {
  listen: { host: '192.0.2.1', port: 80 },
  core: { host: '127.0.0.1', port: 47_390, healthPath: '/' },
  edge: {
    host: '192.0.2.8',
    port: 47_381,
    tls: { ownPemFile: '/own.pem', peerPemFile: '/peer.pem', peerPin: 'pin' },
  },
};
export const place: PassagePlace = {
  listenHost: '172.18.0.1',
  seenAs: '172.18.0.1',
  allow: ['172.18.0.0/16'],
};

/** A cluster and a passage that are fakes, and what a front over them is to find there. */
export function surroundings() {
  const world = {
    settings: defaultSettings.traffic.gateway,
    place: ok(place) as Result<PassagePlace>,
    backends: [] as readonly Backend[],
    backendsFail: null as Result<never> | null,
    answers: true,
  };
  return { time: fakeTime(), api: fakeGatewayApi(), fronts: fakeFronts(), world, notes: [] as string[] };
}

/** As each engine of that home makes one. */
export function gatewayOver({ time, api, fronts, world, notes }: ReturnType<typeof surroundings>) {
  const front = gatewayFront({
    ...time,
    log: silentLog,
    passage: fronts.make('embedded'),
    passageLives: async () => fronts.process !== null,
    settings: () => world.settings,
    clusterName: () => 'lab',
    place: async () => world.place,
    hands: async () => ok(api.hands),
    async keepBackends(_namespace, backends) {
      if (world.backendsFail !== null) return world.backendsFail;
      world.backends = backends;
      return ok(undefined);
    },
    answers: async () => world.answers,
    note: (what) => void notes.push(what),
  });
  onTestFinished(() => front.dispose('keep'));
  return front;
}

export function bench() {
  const around = surroundings();
  const { api, time } = around;
  const front = gatewayOver(around);
  const said: { up: boolean; problem: Problem | null }[] = [];
  front.onState((state) => said.push(state));
  const tended = async (): Promise<void> => {
    const asked = api.asked.length;
    await time.advance(TEND_MS);
    await expect.poll(() => api.asked.length).toBeGreaterThan(asked);
    await expect.poll(async () => (await front.read()).ok || api.refuses !== null).toBe(true);
  };
  return { ...around, front, said, tended };
}
export type Bench = ReturnType<typeof bench>;

export async function opened(edge = 80): Promise<Bench> {
  const all = bench();
  expect(await all.front.open(config, shares(edge))).toEqual(ok('started'));
  all.api.asked.length = 0;
  all.fronts.asked.length = 0;
  return all;
}
export const changes = ({ api, fronts }: Bench): string[] => [
  ...fronts.asked.filter((what) => !what.endsWith('read')),
  ...api.asked.filter((what) => what === 'patch' || what === 'create' || what === 'remove'),
];
