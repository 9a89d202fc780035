import { expect, test } from 'vitest';
import { defaultSettings } from '../../src-shared/settings.ts';
import { createPlaces } from './places.ts';
import type { FrontConfig } from './ports.ts';
import type { KnownGate, PairFacts, TrafficSettings } from './room-ports.ts';

const pair: PairFacts = { keyPem: 'key', certificatePem: 'certificate', peerPin: 'ab'.repeat(32) };
const gate: KnownGate = { host: '192.0.2.8', port: 47_381, pin: pair.peerPin ?? '' };

function places(known: {
  settings?: Partial<TrafficSettings>;
  gate?: KnownGate | null;
  pair?: PairFacts;
  listen?: FrontConfig['listen'];
  core?: FrontConfig['core'];
}) {
  const settings = { ...defaultSettings.traffic, hostPort: 47_390, healthPath: '/ok', ...known.settings };
  const { listen = { host: '127.0.0.1', port: 47_380 }, core } = known;
  const config =
    known.listen === undefined && core === undefined
      ? null
      : { listen, core: core ?? { host: '127.0.0.1', port: 47_390, healthPath: '/ok' }, edge: null };
  return createPlaces(
    { settings: () => settings },
    { gate: () => known.gate ?? null, pair: () => known.pair ?? pair, config: () => config },
  );
}

test('the core is asked at its workload, the edge at its gate with both keys, each on the health path', () => {
  const { side, gateReady } = places({ gate });
  expect(side('core')).toEqual({ host: '127.0.0.1', port: 47_390, path: '/ok', tls: null, marked: true });
  expect(side('edge')).toMatchObject({ host: '192.0.2.8', path: '/ok', tls: { peerPin: gate.pin } });
  expect(gateReady()).toMatchObject({ path: '/.tandem/ready', tls: { keyPem: 'key' } });
});

test('a gate that is not known, or of a Mac that is not the paired one any more, is not asked', () => {
  expect(places({}).side('edge')).toBeNull();
  const other = places({ gate, pair: { ...pair, peerPin: 'cd'.repeat(32) } });
  expect(other.side('edge')).toBeNull();
  expect(other.gateReady()).toBeNull();
});

test('the front is called where it listens now, on loopback when that is everywhere', () => {
  expect(places({}).front(true)).toMatchObject({ host: '127.0.0.1', port: 47_380, marked: true });
  expect(places({ listen: { host: '0.0.0.0', port: 8080 } }).front(false)).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    marked: false,
  });
  expect(places({ listen: { host: '::', port: 8080 } }).front(false)).toMatchObject({ host: '::1' });
});

test('a front that did not take a new address is looked at where it serves from', () => {
  const known = places({
    settings: { upstream: 'x' },
    core: { host: '127.0.0.1', port: 8080, healthPath: '/' },
  });
  expect(known.side('core')).toMatchObject({ port: 8080, path: '/ok' });
});

test('a gateway is asked for the host that its route answers to, and no other front is', () => {
  const gateway = { ...defaultSettings.traffic.gateway, hostname: '*.app.test' };
  const asked = (front: 'gateway-api' | 'haproxy', hostname: string) =>
    places({ settings: { front, gateway: { ...gateway, hostname } } }).front(true);
  expect(asked('gateway-api', 'app.test')).toMatchObject({ hostname: 'app.test' });
  expect(asked('gateway-api', '*.app.test')).toMatchObject({ hostname: 'tandem.app.test' });
  for (const target of [asked('gateway-api', ''), asked('haproxy', 'app.test')])
    expect(target).not.toHaveProperty('hostname');
});

test('an address that is none is no place', () => {
  expect(places({ settings: { upstream: 'http://x' } }).side('core')).toBeNull();
  expect(places({ settings: { listen: 'x' } }).front(true)).toBeNull();
});
