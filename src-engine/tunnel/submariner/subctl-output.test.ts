import { expect, test } from 'vitest';
import { doingIn, failureIn, flagsIn, redacted, versionIn } from './subctl-output.ts';

test('the version, whatever it was built from', () => {
  expect(versionIn('subctl version: v0.22.2\n')).toBe('v0.22.2');
  expect(versionIn('warning\nsubctl version: devel\n')).toBe('devel');
  expect(versionIn('subsurface 1.0')).toBeNull();
});

test('flags of a help text, and nothing of its sentences', () => {
  const help = [
    'Usage:',
    '  subctl join [flags]',
    'Flags:',
    '      --air-gapped   specifies that the cluster is in an air-gapped environment (see --natt)',
    '  -n, --namespace string   If present, the namespace scope',
    '      --health-check-max-packet-loss-count uint   maximum (default 5)',
  ].join('\n');
  expect([...flagsIn(help)]).toEqual(['air-gapped', 'namespace', 'health-check-max-packet-loss-count']);
});

test('what it is doing', () => {
  expect(doingIn(' • Deploying the Submariner operator  ...')).toBe('Deploying the Submariner operator');
  expect(doingIn(' ✓ Deploying the Submariner operator')).toBeNull();
  expect(doingIn('')).toBeNull();
});

const secret = 'c2VjcmV0IG9mIHRoZSBicm9rZXIgYWRtaW5pc3RyYXRvciwgdmVyeSBsb25n';
test('no secret is kept of what it prints, and what surrounds it is', () => {
  const pem = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----';
  const said = `kube config: {"client-key-data":"${secret}","key":"${pem}"} of submariner-operator`;
  const kept = redacted(said);
  expect(kept).not.toContain(secret);
  expect(kept).not.toContain('MIIEow');
  expect(kept).toContain('of submariner-operator');
  expect(doingIn(` • Using ${secret}  ...`)).toBe('Using [removed]');
});

const known = { clusterId: 'lab-edge', broker: 'https://192.168.1.10:6443' };
test.each([
  [' ✗ the cluster ID "lab-edge" is not unique', 'clusterIdTaken'],
  [' ✗ Error: Cluster ID lab-edge already exists on the broker', 'clusterIdTaken'],
  [
    ' ✗ Error retrieving broker admin config: x509: certificate is valid for 127.0.0.1, not 192.168.1.10',
    'brokerCertificate',
  ],
  [
    ' ✗ Error retrieving broker admin config: dial tcp 192.168.1.10:6443: connect: connection refused',
    'brokerUnreachable',
  ],
  [
    ' ✗ the subctl version "v0.18.0" is older than the deployed Submariner version "v0.22.2". Please upgrade your subctl version',
    'subctlBehind',
  ],
  [
    ' ✗ Error loading the broker information: error decoding data: illegal base64 data at input byte 4',
    'brokerFileBroken',
  ],
  [' ✗ Error deploying the operator: timed out waiting', 'toolFailed'],
  ['', 'toolFailed'],
])('%j is %s', (stderr, code) => {
  expect(failureIn(`${stderr}\n\nsubctl version: v0.22.2\n`, known).code).toBe(code);
});

test('what failed is told in its own words, without what was a secret', () => {
  const stderr = ` ✓ Gathering\n ✗ Error creating broker secret ${secret}\n\nsubctl version: v0.22.2\n`;
  expect(failureIn(stderr, known).params['detail']).toBe('Error creating broker secret [removed]');
  const behind = failureIn(
    'the subctl version "v0.18.0" is older than the deployed Submariner version "v0.22.2". Please',
    known,
  );
  expect(behind.params).toEqual({ version: 'v0.18.0', deployed: 'v0.22.2' });
});
