import { expect, test } from 'vitest';
import { GIB } from '../../../src-shared/units.ts';
import { firstProblem, preflight, preflightIds, type PreflightFacts, type PreflightId } from './preflight.ts';

/** A core that may join. */
const core: PreflightFacts = {
  verb: 'join',
  side: 'core',
  cluster: { name: 'lab', provider: 'kind', state: 'running' },
  apiAnswers: true,
  toolProblem: null,
  dockerUp: true,
  vmMemoryBytes: 8 * GIB,
  planBytes: 2 * GIB,
  freeDiskBytes: 20 * GIB,
  lanAddress: '192.168.1.10',
  linkUp: true,
  peer: { clusterId: 'lab-edge', hasBroker: false, skewMs: 150 },
  brokerAnswers: true,
  brokerUrl: 'https://192.168.1.10:6443',
  networks: [
    { what: 'ownPods', cidr: '10.10.0.0/16' },
    { what: 'ownServices', cidr: '10.110.0.0/16' },
    { what: 'ownNodes', cidr: '172.18.0.0/16' },
    { what: 'lan', cidr: '192.168.1.0/24' },
    { what: 'peerPods', cidr: '10.20.0.0/16' },
  ],
  clusterId: 'lab-core',
  registered: ['lab-edge'],
  isInstalledKnown: true,
  installedAs: null,
  crdVersion: null,
  isRejoin: false,
  published: ['6443/tcp', '4500/udp', '4490/udp'].map((port) => ({ port, onLan: true })),
  gatewayNodes: ['lab-worker'],
  proxyMode: 'iptables',
  kernelLacks: [],
};
const edge: PreflightFacts = {
  ...core,
  side: 'edge',
  clusterId: 'lab-edge',
  registered: ['lab-core'],
  peer: { clusterId: 'lab-core', hasBroker: true, skewMs: -900 },
  published: [],
};

const verdicts = (facts: PreflightFacts) => preflight(facts).map(({ id, verdict }) => `${id} ${verdict}`);

test('a core and an edge that may join: every line is there, and good', () => {
  expect(verdicts(core)).toEqual(preflightIds.map((id) => `${id} ok`));
  // It calls and is not called: no port of it must be open.
  expect(verdicts(edge)).toEqual(preflightIds.filter((id) => id !== 'ports').map((id) => `${id} ok`));
});

test.each<[PreflightId, string, Partial<PreflightFacts>, PreflightFacts]>([
  ['cluster', 'tunnelNeedsKind', { cluster: null }, core],
  ['cluster', 'tunnelNeedsKind', { cluster: { name: 'x', provider: 'minikube', state: 'running' } }, core],
  ['cluster', 'clusterNotRunning', { cluster: { name: 'x', provider: 'kind', state: 'stopped' } }, core],
  ['cluster', 'apiUnreachable', { apiAnswers: false }, core],
  ['tool', 'subctlMissing', { toolProblem: { code: 'subctlMissing', params: {} } }, core],
  ['docker', 'dockerDown', { dockerUp: false }, core],
  ['memory', 'vmMemoryShort', { vmMemoryBytes: 1.9 * GIB }, core],
  ['disk', 'tunnelDiskShort', { freeDiskBytes: 0.4 * GIB }, core],
  ['network', 'noNetwork', { lanAddress: null }, core],
  ['peer', 'peerAway', { linkUp: false }, edge],
  ['peer', 'peerAway', { peer: null }, edge],
  ['broker', 'brokerMissing', { brokerUrl: null }, core],
  ['broker', 'brokerMissing', { peer: { clusterId: 'lab-core', hasBroker: false, skewMs: 0 } }, edge],
  ['broker', 'brokerUnreachable', { brokerAnswers: false }, edge],
  [
    'networks',
    'cidrsOverlap',
    { networks: [...core.networks, { what: 'peerNodes', cidr: '172.18.5.0/24' }] },
    core,
  ],
  // A person joined it by hand: it is not ours to change.
  ['installed', 'submarinerForeign', { installedAs: 'mine' }, core],
  ['installed', 'crdVersion', { crdVersion: 'v2' }, core],
  // What did not answer is no "it is not there".
  ['installed', 'apiUnreachable', { isInstalledKnown: false }, core],
  // A cluster of before is still known there by that name: the one that is asked for would be refused in the middle.
  ['clusterId', 'clusterIdTaken', { registered: ['lab-core'] }, core],
  ['clusterId', 'clusterIdTaken', { clusterId: 'lab-core' }, edge],
  ['clusterId', 'apiUnreachable', { registered: null }, core],
  ['clusterId', 'brokerUnreachable', { registered: null }, edge],
  ['ports', 'apiNotOnLan', { published: [{ port: '6443/tcp', onLan: false }] }, core],
  ['ports', 'gatewayPortsMissing', { published: [{ port: '6443/tcp', onLan: true }] }, core],
  ['gatewayNode', 'gatewayLabels', { gatewayNodes: ['a', 'b'] }, core],
  ['proxyMode', 'proxyModeUnfit', { proxyMode: 'ipvs' }, core],
  ['kernel', 'kernelLacks', { kernelLacks: ['XFRM_USER'] }, core],
  ['clock', 'clocksDiffer', { peer: { clusterId: 'lab-edge', hasBroker: false, skewMs: -2001 } }, core],
])('%s: %s', (id, code, change, from) => {
  const lines = preflight({ ...from, ...change });
  expect(
    lines.filter(({ verdict }) => verdict === 'problem').map((line) => [line.id, line.problem?.code]),
  ).toEqual([[id, code]]);
  expect(firstProblem(lines)?.code).toBe(code);
});

test('what cannot be looked at is said, and stops nothing', () => {
  const blind: PreflightFacts = {
    ...core,
    dockerUp: null,
    vmMemoryBytes: null,
    freeDiskBytes: null,
    peer: null,
    brokerAnswers: null,
    networks: [],
    published: null,
    gatewayNodes: null,
    proxyMode: null,
    kernelLacks: null,
  };
  expect(firstProblem(preflight(blind))).toBeNull();
  expect(verdicts(blind).filter((line) => line.endsWith('unknown'))).toHaveLength(11);
});

test('a broker needs the API on the LAN, and neither gateway nor ID; a join that is made whole keeps its ID', () => {
  const ids = preflight({ ...core, verb: 'broker', published: [{ port: '6443/tcp', onLan: true }] });
  expect(firstProblem(ids)).toBeNull();
  expect(ids.map(({ id }) => id)).not.toEqual(expect.arrayContaining(['clusterId']));
  expect(
    firstProblem(preflight({ ...core, registered: ['lab-core'], installedAs: 'lab-core', isRejoin: true })),
  ).toBeNull();
});

test('a broker is not deployed where somebody else’s Submariner stands, or may stand', () => {
  const broker: PreflightFacts = { ...core, verb: 'broker' };
  expect(firstProblem(preflight({ ...broker, installedAs: 'mine' }))?.code).toBe('submarinerForeign');
  expect(firstProblem(preflight({ ...broker, isInstalledKnown: false }))?.code).toBe('apiUnreachable');
  expect(firstProblem(preflight({ ...broker, installedAs: 'lab-core', isRejoin: true }))).toBeNull();
});

test('what is silent as a whole is said once', () => {
  const dumb = { apiAnswers: false, isInstalledKnown: false, registered: null };
  const wrong = preflight({ ...core, ...dumb }).filter(({ verdict }) => verdict === 'problem');
  expect(wrong.map(({ id }) => id)).toEqual(['cluster']);
  const away = preflight({ ...edge, peer: null, registered: null });
  expect(away.filter(({ verdict }) => verdict === 'problem').map(({ id }) => id)).toEqual(['peer']);
});

test('no node is labelled yet: one will be', () => {
  expect(firstProblem(preflight({ ...core, gatewayNodes: [] }))).toBeNull();
});
