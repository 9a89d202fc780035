import { expect, test } from 'vitest';
import { doingIn, failureIn, statusIn, versionIn } from './tool-output.ts';

const known = { apiUrl: 'https://192.168.1.10:6443' };

test('its version, and none of another program', () => {
  expect(
    versionIn(
      'cilium-cli: v0.16.10 compiled with go1.22.4 on linux/amd64\ncilium image (default): v1.15.5\n',
    ),
  ).toBe('v0.16.10');
  expect(versionIn('Client: 1.14.1 2023-08-10\n')).toBeNull();
});

test('what it is doing, without its signs', () => {
  expect(doingIn('✨ Extracting access information of cluster edge...')).toBe(
    'Extracting access information of cluster edge',
  );
  expect(doingIn('ℹ️  Found ClusterMesh service IPs: [172.30.1.2]')).toBe(
    'Found ClusterMesh service IPs: [172.30.1.2]',
  );
  expect(doingIn('✅ Connected cluster core <=> edge!')).toBeNull();
});

test.each([
  [
    'Error: Unable to connect cluster: Cilium CA certificates do not match between clusters a and b. Use --allow-mismatching-ca to allow this',
    'ciliumAuthorityDiffers',
  ],
  // Older ones only warn of it, and fail of something else.
  ['⚠️ Cilium CA certificates do not match between clusters.\nError: release: not found', 'ciliumNotByHelm'],
  ['❌ Unable to find Helm release for the remote cluster', 'ciliumNotByHelm'],
  ['Error: dial tcp 192.168.1.10:6443: connect: connection refused', 'ciliumPeerApiSilent'],
  [
    'Error: tls: failed to verify certificate: x509: certificate is valid for 127.0.0.1',
    'ciliumPeerApiSilent',
  ],
  ['Error: another operation (install/upgrade/rollback) is in progress', 'ciliumHelmPending'],
  ['something else', 'toolFailed'],
])('%s', (said, code) => {
  expect(failureIn(said, known).code).toBe(code);
});

test('what it failed of is told, and nothing in it that could be a key', () => {
  const key = 'LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlFcE';
  expect(failureIn(`ℹ️  Found\n❌ Unable to use ${key}\nmore\n`, known).params['detail']).toBe(
    'Unable to use [removed]',
  );
});

const status = (connectivity: object) =>
  JSON.stringify({ access_information: { client_key: 'x' }, connectivity });

test('the agents’ connections, with what Go leaves out of a document', () => {
  const said = statusIn(
    status({ clusters: { edge: { configured: 2 }, third: {} }, total: 2, errors: { a: {} } }),
  );
  expect(said?.total).toBe(2);
  expect(said?.clusters.get('edge')).toEqual({ configured: 2, connected: 0 });
  expect(said?.clusters.get('third')).toEqual({ configured: 0, connected: 0 });
  expect(statusIn(status({ global_services: {}, connected: {} }))).toEqual({ total: 0, clusters: new Map() });
});

test('a log before the document is passed over; what is no document says nothing', () => {
  expect(statusIn(`✅ Service found\n${status({ total: 1 })}\n`)?.total).toBe(1);
  for (const text of ['', '{', '{}', '✅ All 2 nodes are connected', status({ total: 'many' })])
    expect(statusIn(text)).toBeNull();
});
