import { expect, test } from 'vitest';
import { defaultSettings } from '../../src-shared/settings.ts';
import { frontConfig, gateConfig } from './front-config.ts';
import type { TrafficSettings } from './room-ports.ts';

const settings = (change: Partial<TrafficSettings> = {}): TrafficSettings => ({
  ...defaultSettings.traffic,
  hostPort: 47_390,
  ...change,
});
const tls = { ownPemFile: 'own.pem', peerPemFile: 'peer.pem', peerPin: 'ab'.repeat(32) };
const gate = { host: '192.0.2.8', port: 47_381 };

test('without settings: the documented ports, the mapped NodePort behind the front', () => {
  expect(frontConfig(settings(), null)).toEqual({
    ok: true,
    value: {
      listen: { host: '127.0.0.1', port: 47_380 },
      core: { host: '127.0.0.1', port: 47_390, healthPath: '/' },
      edge: null,
    },
  });
});

test('a workload elsewhere, its health path, and an edge with its files', () => {
  const config = frontConfig(settings({ upstream: 'localhost:8080', healthPath: '/ok' }), { gate, tls });
  expect(config).toMatchObject({
    value: { core: { host: 'localhost', port: 8080, healthPath: '/ok' }, edge: { ...gate, tls } },
  });
});

test('an address that is none is named; a front is not its own workload', () => {
  expect(frontConfig(settings({ upstream: 'http://localhost' }), null)).toEqual({
    ok: false,
    error: { code: 'backendInvalid', params: { address: 'http://localhost' } },
  });
  expect(frontConfig(settings({ listen: '47380' }), null)).toMatchObject({
    error: { code: 'backendInvalid' },
  });
  expect(frontConfig(settings({ upstream: 'localhost:47380' }), null)).toMatchObject({
    error: { code: 'backendWrong' },
  });
});

test('the gate listens where the link does, or where it is told to; nowhere is no error', () => {
  expect(gateConfig(settings(), '192.0.2.8', tls)).toMatchObject({
    value: { listen: gate, upstream: { port: 47_390 } },
  });
  expect(gateConfig(settings({ gateListen: '10.0.0.1:9000' }), null, tls)).toMatchObject({
    value: { listen: { host: '10.0.0.1', port: 9000 } },
  });
  expect(gateConfig(settings(), null, tls)).toEqual({ ok: true, value: null });
  expect(gateConfig(settings({ gateListen: 'x' }), null, tls)).toMatchObject({
    error: { code: 'backendInvalid' },
  });
  const itself = settings({ gateListen: '127.0.0.1:8080', upstream: 'localhost:8080' });
  expect(gateConfig(itself, null, tls)).toMatchObject({ error: { code: 'backendWrong' } });
});
