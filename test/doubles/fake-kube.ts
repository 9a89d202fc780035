import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { furnish, played } from './fake-kube-plays.ts';
import { tellChanges } from './fake-kube-watch.ts';
import type { FakeKube, FakeKubeParts, KubeObject } from './fake-kube-types.ts';

export async function fakeKube(parts: FakeKubeParts = {}): Promise<FakeKube> {
  const objects = new Map<string, KubeObject>();
  const server = createServer((request, response) => {
    if (kube.down) return void request.socket.destroy();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
    if (searchParams.get('watch') === 'true')
      return tellChanges(response, () =>
        listed(kube, decodeURIComponent(pathname), searchParams.get('labelSelector')),
      );
    void answer(kube, request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const kube: FakeKube = {
    port: (server.address() as AddressInfo).port,
    authority: Buffer.from(`a certificate of ${parts.name ?? 'lab'} ${Math.random()}`).toString('base64'),
    objects,
    groups: new Map(),
    peer: null,
    tunnel: 'connected',
    silent: false,
    down: false,
    kubeconfig: () => kubeconfigOf(kube),
    put(path, object) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const namespace = /\/namespaces\/([^/]+)\/[^/]+\//.exec(path)?.[1];
      const metadata = { ...object.metadata, name, ...(namespace === undefined ? {} : { namespace }) };
      objects.set(path, { ...object, metadata });
    },
    names: (path) =>
      [...objects.keys()]
        .filter((key) => key.startsWith(`${path}/`))
        .map((key) => key.slice(path.length + 1)),
    close: () => closed(server),
  };
  furnish(kube, parts);
  return kube;
}

/** Closed when the test is over. */
export async function testKube(parts: FakeKubeParts = {}): Promise<FakeKube> {
  const kube = await fakeKube(parts);
  onTestFinished(() => kube.close());
  return kube;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => void server.close(() => resolve()));
}

const kubeconfigOf = ({ port, authority }: FakeKube): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'kind-lab',
        cluster: {
          server: `http://127.0.0.1:${port}`,
          'insecure-skip-tls-verify': true,
          'certificate-authority-data': authority,
        },
      },
    ],
    users: [{ name: 'kind-lab', user: { token: 'of-nobody' } }],
    contexts: [{ name: 'kind-lab', context: { cluster: 'kind-lab', user: 'kind-lab' } }],
    'current-context': 'kind-lab',
  });

interface Answer {
  readonly status: number;
  readonly body: unknown;
}
const notFound: Answer = { status: 404, body: { kind: 'Status', code: 404, message: 'not found' } };

async function answer(kube: FakeKube, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://fake');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const body = text === '' ? {} : (JSON.parse(text) as Partial<KubeObject>);
  const path = decodeURIComponent(url.pathname);
  if (path === '/apis') return { status: 200, body: groupList(kube) };
  const [, group] = /^\/apis\/([^/]+)\/[^/]+$/.exec(path) ?? [];
  if (group !== undefined && request.method === 'GET') return { status: 200, body: resourceList(kube, path) };
  if (path.endsWith('/customresourcedefinitions')) return installed(kube, body);
  if (!isServed(kube, path)) return notFound;
  switch (request.method) {
    case 'POST':
      return created(kube, path, body);
    case 'PATCH':
      return patched(kube, path, body);
    case 'DELETE':
      return removed(kube, path);
    default:
      return read(kube, path, url.searchParams.get('labelSelector'));
  }
}

const groupList = ({ groups }: FakeKube) => ({
  kind: 'APIGroupList',
  groups: [...groups].map(([name, versions]) => ({
    name,
    versions: versions.map((version) => ({ groupVersion: `${name}/${version}`, version })),
  })),
});

/** Every kind of a version that is served has the same names here. */
function resourceList(kube: FakeKube, path: string) {
  const kinds = ['gateways', 'endpoints', 'clusters', 'submariners', 'brokers'];
  return { kind: 'APIResourceList', resources: isServed(kube, path) ? kinds.map((name) => ({ name })) : [] };
}

function installed({ groups }: FakeKube, { metadata }: Partial<KubeObject>): Answer {
  const group = metadata?.name.slice(metadata.name.indexOf('.') + 1) ?? '';
  if (!groups.has(group)) groups.set(group, group === 'submariner.io' ? ['v1', 'v1alpha1'] : ['v1alpha1']);
  return { status: 201, body: { metadata } };
}

/** Kinds of Submariner's only where they were installed, in a version that is served. */
function isServed({ groups }: FakeKube, path: string): boolean {
  const [, group = '', version = ''] = /^\/apis\/([^/]+)\/([^/]+)/.exec(path) ?? [];
  if (!/submariner|multicluster/.test(group)) return true;
  return groups.get(group)?.includes(version) === true;
}

function created(kube: FakeKube, path: string, body: Partial<KubeObject>): Answer {
  const at = `${path}/${body.metadata?.name ?? ''}`;
  if (kube.objects.has(at)) return { status: 409, body: { code: 409, message: 'already exists' } };
  kube.put(at, body);
  return { status: 201, body: kube.objects.get(at) };
}

function patched(kube: FakeKube, path: string, body: Partial<KubeObject>): Answer {
  const object = kube.objects.get(path);
  if (object === undefined) return notFound;
  const merged = (before: Record<string, string> = {}, after: Record<string, string | null> = {}) =>
    Object.fromEntries(
      Object.entries({ ...before, ...after }).filter((entry): entry is [string, string] => entry[1] !== null),
    );
  object.metadata.labels = merged(object.metadata.labels, body.metadata?.labels);
  object.metadata.annotations = merged(object.metadata.annotations, body.metadata?.annotations);
  if (body['data'] !== undefined) object['data'] = body['data'];
  return { status: 200, body: object };
}

function removed(kube: FakeKube, path: string): Answer {
  if (!kube.objects.delete(path)) return notFound;
  // The operator takes out what belongs to a Submariner that is deleted.
  const [, operator] = /^(.+)\/v1alpha1\/namespaces\/submariner-operator\/submariners\//.exec(path) ?? [];
  if (operator !== undefined)
    for (const key of kube.objects.keys())
      if (key.startsWith(`${operator}/v1/namespaces/submariner-operator/gateways/`)) kube.objects.delete(key);
  // A namespace takes everything in it along.
  const [, namespace] = /^\/api\/v1\/namespaces\/([^/]+)$/.exec(path) ?? [];
  if (namespace !== undefined)
    for (const key of kube.objects.keys())
      if (key.includes(`/namespaces/${namespace}/`)) kube.objects.delete(key);
  return { status: 200, body: { kind: 'Status', status: 'Success' } };
}

function read(kube: FakeKube, path: string, selector: string | null): Answer {
  const one = kube.objects.get(path);
  if (one !== undefined) return { status: 200, body: one };
  if (/^\/api\/v1\/namespaces\/[^/]+$|\/(configmaps|leases|secrets|services|nodes)\/[^/]+$/.test(path))
    return notFound;
  const items = listed(kube, path, selector);
  return { status: 200, body: { kind: 'List', metadata: { resourceVersion: '1' }, items } };
}

function listed(kube: FakeKube, path: string, selector: string | null): readonly unknown[] {
  const plural = path.slice(path.lastIndexOf('/') + 1);
  const inAll = !path.includes('/namespaces/');
  const prefix = path.slice(0, path.lastIndexOf('/'));
  const found = [...kube.objects].filter(([key]) => {
    const parent = key.slice(0, key.lastIndexOf('/'));
    return inAll ? parent.startsWith(prefix) && parent.endsWith(`/${plural}`) : parent === path;
  });
  const items = found.map(([, object]) => object).filter((object) => matches(object, selector));
  return played(kube, plural, items);
}

function matches({ metadata }: KubeObject, selector: string | null): boolean {
  return (selector ?? '').split(',').every((part) => {
    const [key = '', value] = part.split('=');
    return part === '' || metadata.labels?.[key] === value;
  });
}
