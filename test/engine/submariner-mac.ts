import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fakeDocker, type FakeDocker } from '../doubles/fake-docker.ts';
import { fakeKube } from '../doubles/fake-kube.ts';
import type { FakeKube } from '../doubles/fake-kube-types.ts';
import type { Scene } from '../doubles/submariner-bench.ts';
import { openRig, type Rig } from './tandem.ts';

/** A home whose cluster is only its API, its container runtime only a socket, and its subctl an executable that replays. */
export interface SubmarinerMac {
  readonly rig: Rig;
  readonly kube: FakeKube;
  readonly docker: FakeDocker;
  readonly tools: string;
  scene(scene: Scene): void;
}
export interface MacPlan {
  readonly side: 'core' | 'edge';
  readonly link: number;
  readonly hostPort: number;
  readonly relay: number;
  readonly gate: number;
  readonly front: number;
}

export async function openSubmarinerMac({
  side,
  link,
  hostPort,
  relay,
  gate,
  front,
}: MacPlan): Promise<SubmarinerMac> {
  const octet = side === 'core' ? 1 : 2;
  const kube = await fakeKube({ name: 'lab', pods: `10.${octet}0.0.0/16`, services: `10.1${octet}0.0.0/16` });
  const rig = openRig();
  const tools = join(rig.home, 'tools');
  mkdirSync(tools);
  copyFileSync(fileURLToPath(new URL('../doubles/subctl.mjs', import.meta.url)), join(tools, 'subctl'));
  chmodSync(join(tools, 'subctl'), 0o755);
  const docker = await fakeDocker({
    socket: join(rig.home, 'docker.sock'),
    cluster: 'lab',
    address: `172.30.${octet}.2`,
    subnet: `172.30.${octet}.0/24`,
    published: { '6443/tcp': kube.port, '4500/udp': 4500, '4490/udp': 4490 },
  });
  const scene = join(tools, 'scene.json');
  Object.assign(rig.env, {
    PATH: `${tools}:${process.env['PATH'] ?? ''}`,
    DOCKER_HOST: docker.host,
    SUBCTL_SCENE: scene,
    SUBCTL_CALLS: join(tools, 'calls'),
  });
  const settings = {
    cluster: { name: 'lab', provider: 'kind', hostPort },
    link: { address: '127.0.0.1', port: link, discovery: false },
    traffic: { front: 'embedded', listen: `127.0.0.1:${front}`, gateListen: `127.0.0.1:${gate}` },
    tunnel: { relayListen: `127.0.0.1:${relay}` },
  };
  writeFileSync(join(rig.home, 'engine.json'), JSON.stringify(settings), { mode: 0o600 });
  furnishHome(rig.home, kube, hostPort);
  return { rig, kube, docker, tools, scene: (now) => writeFileSync(scene, JSON.stringify(now)) };
}

/** A cluster that an earlier Tandem made: its record, and its kubeconfig. */
function furnishHome(home: string, kube: FakeKube, hostPort: number): void {
  mkdirSync(join(home, 'clusters/kind'), { recursive: true });
  const record = {
    name: 'lab',
    provider: 'kind',
    createdAt: new Date().toISOString(),
    nodes: 1,
    image: '',
    hostPort,
    nodePort: 30_080,
  };
  writeFileSync(join(home, 'clusters/registry.json'), JSON.stringify({ clusters: [record] }));
  writeFileSync(join(home, 'clusters/kind/lab.kubeconfig'), kube.kubeconfig(), { mode: 0o600 });
}
