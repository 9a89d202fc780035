import { expect, test } from 'vitest';
import { LONGEST_ACCESS, pairKubeconfig } from './access.ts';

const config = (name: string, server: string, user: object = { token: 'a-token' }, cluster: object = {}) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, ...cluster } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
const own = { name: 'core', text: config('core', 'https://127.0.0.1:6443') };
const apiUrl = 'https://192.168.1.20:6443';
const paired = (text: string) => pairKubeconfig(own, { name: 'edge', text, apiUrl });

test('both clusters stand in one file, each under Cilium’s name of it', () => {
  const read = JSON.parse(paired(config('whatever', apiUrl)) ?? '{}') as Record<string, { name: string }[]>;
  for (const list of ['clusters', 'users', 'contexts'])
    expect(read[list]?.map(({ name }) => name)).toEqual(['core', 'edge']);
  expect(read['current-context']).toBe('core');
  expect(read['clusters']?.[1]).toEqual({ name: 'edge', cluster: { server: apiUrl } });
});

test.each([
  ['a program', config('edge', apiUrl, { exec: { command: '/bin/sh' } })],
  ['a plug-in', config('edge', apiUrl, { 'auth-provider': { name: 'gcp' } })],
  ['a file of this Mac', config('edge', apiUrl, { 'client-key': '/etc/passwd' })],
  ['another server than it named', config('edge', 'https://203.0.113.1:6443')],
  ['no JSON', 'clusters: []'],
  ['nothing', '{}'],
  ['too much', config('edge', apiUrl, { token: 'x'.repeat(LONGEST_ACCESS) })],
])('the other Mac’s is refused with %s in it', (_what, text) => {
  expect(paired(text)).toBeNull();
});

test('nothing of it is taken but the server, its authority and plain credentials', () => {
  const cluster = {
    'certificate-authority-data': 'QUJD',
    'certificate-authority': '/etc/hosts',
    'insecure-skip-tls-verify': true,
    'proxy-url': 'http://203.0.113.1',
  };
  const read = JSON.parse(paired(config('edge', apiUrl, { token: 't' }, cluster)) ?? '{}') as {
    clusters: { cluster: object }[];
  };
  expect(read.clusters[1]?.cluster).toEqual({ server: apiUrl, 'certificate-authority-data': 'QUJD' });
});

test('two clusters of one name cannot stand in one file', () => {
  expect(pairKubeconfig(own, { name: 'core', text: config('core', apiUrl), apiUrl })).toBeNull();
});
