import { expect, test } from 'vitest';
import { standaloneKubeconfig } from './minikube-kubeconfig.ts';

const files: Readonly<Record<string, string>> = {
  '/home/me/.minikube/ca.crt': 'authority',
  '/home/me/.minikube/profiles/lab/client.crt': 'certificate',
  '/home/me/.minikube/profiles/lab/client.key': 'key',
};
const read = async (path: string) => (path in files ? Buffer.from(files[path] ?? '') : null);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const written = () => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [
    { name: 'other', cluster: { server: 'https://127.0.0.1:1' } },
    {
      name: 'lab',
      cluster: {
        'certificate-authority': '/home/me/.minikube/ca.crt',
        extensions: [{ name: 'cluster_info' }],
        server: 'https://127.0.0.1:55000',
      },
    },
  ],
  users: [
    {
      name: 'lab',
      user: {
        'client-certificate': '/home/me/.minikube/profiles/lab/client.crt',
        'client-key': '/home/me/.minikube/profiles/lab/client.key',
      },
    },
  ],
  contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab', namespace: 'default' } }],
  'current-context': '',
});

test('needs no other file: its certificates are inside, and its context is the current one', async () => {
  expect(JSON.parse((await standaloneKubeconfig(written(), 'lab', read)) ?? '')).toEqual({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'lab',
        cluster: {
          'certificate-authority-data': base64('authority'),
          extensions: [{ name: 'cluster_info' }],
          server: 'https://127.0.0.1:55000',
        },
      },
    ],
    users: [
      {
        name: 'lab',
        user: { 'client-certificate-data': base64('certificate'), 'client-key-data': base64('key') },
      },
    ],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab', namespace: 'default' } }],
    'current-context': 'lab',
  });
});

test('one that is whole already stays what it is', async () => {
  const first = await standaloneKubeconfig(written(), 'lab', read);
  const again = await standaloneKubeconfig(JSON.parse(first ?? ''), 'lab', async () => null);
  expect(again).toBe(first);
});

test('a certificate that is gone, another cluster, or no kubeconfig is none', async () => {
  expect(await standaloneKubeconfig(written(), 'lab', async () => null)).toBeNull();
  expect(await standaloneKubeconfig({ ...written(), contexts: [] }, 'lab', read)).toBeNull();
  for (const none of [undefined, 'text', { clusters: 'many' }])
    expect(await standaloneKubeconfig(none, 'lab', read)).toBeNull();
});
