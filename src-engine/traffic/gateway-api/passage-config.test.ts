import { expect, test } from 'vitest';
import { frontConfigSchema } from '../front/documents.ts';
import { backendsAt, passageConfig } from './passage-config.ts';

const place = { listenHost: '127.0.0.1', seenAs: '192.168.65.254', allow: ['127.0.0.0/8'] };
const core = { host: '127.0.0.1', port: 47_390, healthPath: '/' };

test('the gateway is led to where the cluster sees this Mac, and the passage listens where that arrives', () => {
  const config = passageConfig({ core, edge: null }, place, 47_383);
  const backends = backendsAt(place, 47_383);
  expect([config.listen.port, config.edgeListen?.port]).toEqual(backends.map(({ to }) => to.port));
  expect(config.listen.host).toBe('127.0.0.1');
  expect(new Set(backends.map(({ to }) => to.address))).toEqual(new Set(['192.168.65.254']));
});

test("it is a configuration that the front's program takes whole", () => {
  const config = passageConfig({ core, edge: null }, place, 47_383);
  expect(frontConfigSchema.parse(JSON.parse(JSON.stringify(config)))).toEqual(config);
});
