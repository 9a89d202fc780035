import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createApiReader } from '../../src-engine/kube/api-reader.ts';
import { systemClock as clock, systemScheduler as scheduler } from '../../src-engine/platform/clock.ts';
import { podMover } from '../../src-engine/wire-kube.ts';
import { openAuthority } from './rig/certificates.ts';
import { kubeconfigFor } from './rig/kubeconfig.ts';
import { openPlane, type Plane } from './rig/plane.ts';
import { openProxy, type Fate } from './rig/slow-proxy.ts';

// Each thing that can be wrong with a kubeconfig, a certificate or an API has a name of its own, on the screen and in a drain.

let core: Plane;
let edge: Plane;
beforeAll(async () => void ([core, edge] = await Promise.all([openPlane('core'), openPlane('edge')])));
afterAll(() => Promise.all([core?.dispose(), edge?.dispose()]));

const dayMs = 24 * 3_600_000;
const inDays = (days: number): Date => new Date(Date.now() + days * dayMs);
const longAgo = { from: inDays(-9), until: inDays(-1) };
const notYet = { from: inDays(1), until: inDays(9) };

/** What the screen says of the cluster, and what a drain of it is refused with. */
async function said(kubeconfig: string | null): Promise<readonly [string | null, string | null]> {
  const file = join(core.folder, 'asked.kubeconfig');
  if (kubeconfig === null) await rm(file, { force: true });
  else await writeFile(file, kubeconfig);
  const reader = createApiReader({ clock, scheduler });
  onTestFinished(() => reader.dispose());
  const look = await reader.read(file);
  const context = { signal: new AbortController().signal, detail: () => undefined };
  const drained = await podMover({ clock, scheduler }).empty('lab', kubeconfig ?? '', 1000, context);
  return [look === null ? reader.why(file) : null, drained.ok ? null : drained.error.code];
}

const through = async (fate: () => Fate, server?: Parameters<typeof openProxy>[2]): Promise<string> => {
  const proxy = await openProxy(core, fate, server);
  onTestFinished(() => proxy.close());
  return proxy.kubeconfig;
};
const serverCertificate = (times: { from: Date; until: Date }) =>
  core.authority.issue(`server-${times.from.getTime()}`, {
    subject: '/CN=proxy',
    usage: 'serverAuth',
    names: 'IP:127.0.0.1',
    ...times,
  });
const clientCertificate = (times: { from: Date; until: Date }) =>
  core.authority.issue(`client-${times.from.getTime()}`, {
    subject: '/O=system:masters/CN=admin',
    usage: 'clientAuth',
    ...times,
  });

test('nothing is wrong: both say nothing', async () => {
  expect(await said(core.kubeconfig)).toEqual([null, null]);
});

test('a kubeconfig that is gone, or is none', async () => {
  for (const text of [null, ': no kubeconfig', '{}'])
    expect(await said(text)).toEqual(['noKubeconfig', 'kubeconfigMissing']);
});

test('a kubeconfig that leads to another cluster', async () => {
  const wrong = kubeconfigFor('core', edge.server, core.authority.cert, core.admin);
  expect(await said(wrong)).toEqual(['otherCluster', 'kubeconfigOther']);
  expect(await edge.kubectl('get', 'nodes', '-o', 'jsonpath={.items[*].spec.unschedulable}')).toBe('');
});

test('a certificate that has expired, or is not valid yet: the one of the API, and our own', async () => {
  const of = (user: Awaited<ReturnType<typeof clientCertificate>>): string =>
    kubeconfigFor('core', core.server, core.authority.cert, user);
  const expired = ['certExpired', 'apiCertExpired'];
  expect(await said(await through(() => ({}), await serverCertificate(longAgo)))).toEqual(expired);
  expect(await said(of(await clientCertificate(longAgo)))).toEqual(expired);
  const early = ['certEarly', 'apiCertEarly'];
  expect(await said(await through(() => ({}), await serverCertificate(notYet)))).toEqual(early);
  expect(await said(of(await clientCertificate(notYet)))).toEqual(early);
});

test('an admin of somebody else: not let in', async () => {
  const folder = join(core.folder, 'stranger');
  await mkdir(folder);
  const stranger = await openAuthority(folder, 'stranger');
  const admin = await stranger.issue('admin', { subject: '/O=system:masters/CN=admin', usage: 'clientAuth' });
  const kubeconfig = kubeconfigFor('core', core.server, core.authority.cert, admin);
  expect(await said(kubeconfig)).toEqual(['apiDenied', 'apiDenied']);
});

test('an API that is slow, silent, asked too much, broken, or away', async () => {
  expect(await said(await through(() => ({ silent: true })))).toEqual(['apiSilent', 'apiSlow']);
  expect(await said(await through(() => ({ status: 429 })))).toEqual(['apiBusy', 'apiBusy']);
  expect(await said(await through(() => ({ status: 500 })))).toEqual(['apiFailing', 'apiFailing']);
  const proxy = await openProxy(core, () => ({}));
  await proxy.close();
  expect(await said(proxy.kubeconfig)).toEqual(['apiDown', 'apiUnreachable']);
});
