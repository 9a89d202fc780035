import { describe, expect, test } from 'vitest';
import type { DockerEndpoint } from '../../platform/docker-socket.ts';
import {
  chooseRuntime,
  refOfContext,
  refOfInfo,
  refOfSocket,
  type DaemonInfo,
  type RuntimeRef,
  type Sighted,
} from './runtime-ref.ts';

const ref = (name: RuntimeRef['name'], profile: string | null = null): RuntimeRef => ({ name, profile });
const info = (operatingSystem: string, hostName: string): DaemonInfo => ({
  operatingSystem,
  hostName,
  kernel: '6.8.0',
  memoryBytes: null,
  cpus: null,
});
const endpoint = (change: Partial<DockerEndpoint> = {}): DockerEndpoint => ({
  path: null,
  by: 'nowhere',
  context: null,
  target: null,
  isPlace: false,
  ...change,
});

describe('what tells a runtime', () => {
  test.each([
    ['/Users/me/.colima/default/docker.sock', ref('colima', 'default')],
    ['/Users/me/.config/colima/work/docker.sock', ref('colima', 'work')],
    ['/Users/me/.orbstack/run/docker.sock', ref('orbstack')],
    ['/Users/me/.docker/run/docker.sock', ref('docker-desktop')],
    ['/Users/me/.rd/docker.sock', ref('rancher-desktop')],
    ['/run/user/1000/docker.sock', ref('dockerd', 'rootless')],
    ['/var/run/docker.sock', null],
    ['/tmp/mine.sock', null],
  ])('the socket %s', (path, expected) => {
    expect(refOfSocket(path, 'darwin')).toEqual(expected);
  });

  test('on Linux the usual socket is the daemon of the system', () => {
    expect(refOfSocket('/var/run/docker.sock', 'linux')).toEqual(ref('dockerd'));
  });

  test.each([
    ['desktop-linux', ref('docker-desktop')],
    ['colima', ref('colima', 'default')],
    ['colima-work', ref('colima', 'work')],
    ['rootless', ref('dockerd', 'rootless')],
    ['my-server', null],
  ])('the context %s', (context, expected) => {
    expect(refOfContext(context)).toEqual(expected);
  });

  test.each([
    [info('Docker Desktop', 'docker-desktop'), ref('docker-desktop')],
    [info('OrbStack', 'orbstack'), ref('orbstack')],
    [info('Ubuntu 24.04.1 LTS', 'colima'), ref('colima', 'default')],
    [info('Ubuntu 24.04.1 LTS', 'colima-work'), ref('colima', 'work')],
    [info('Alpine Linux v3.20', 'lima-rancher-desktop'), ref('rancher-desktop')],
    [info('Debian GNU/Linux 12', 'builder'), null],
  ])('the daemon itself: %o', (told, expected) => {
    expect(refOfInfo(told)).toEqual(expected);
  });
});

describe('which one', () => {
  const see = (change: Partial<Sighted>): RuntimeRef | null =>
    chooseRuntime({
      endpoint: endpoint(),
      os: 'darwin',
      info: null,
      last: null,
      installed: [],
      ...change,
    });
  const both = [ref('docker-desktop'), ref('colima', 'default')];

  test('what answers is believed where a runtime of that name listens', () => {
    const work = '/Users/me/.colima/work/docker.sock';
    const told = info('Ubuntu', 'colima-work');
    for (const at of [endpoint({ path: work }), endpoint({ path: '/var/run/docker.sock', target: work })])
      expect(see({ endpoint: at, info: told })).toEqual(ref('colima', 'work'));
    // COLIMA_HOME is where a person wants it.
    const elsewhere = endpoint({ path: '/data/vms/work/docker.sock', by: 'context', isPlace: true });
    expect(see({ endpoint: elsewhere, info: told })).toEqual(ref('colima', 'work'));
    // One whose host was given another name.
    expect(see({ endpoint: endpoint({ path: work }), info: info('Ubuntu', 'builder') })).toEqual(
      ref('colima', 'work'),
    );
  });

  test('a socket that somebody forwards is nobody’s, whatever its daemon says, and whoever answered there', () => {
    const custom = endpoint({ path: '/tmp/mine.sock', by: 'environment' });
    const last = { ref: ref('colima', 'work'), socket: '/tmp/mine.sock' };
    expect(see({ endpoint: custom, info: info('Ubuntu', 'colima-work') })).toEqual(ref('other'));
    expect(see({ endpoint: custom, info: info('Debian', 'builder') })).toEqual(ref('other'));
    expect(see({ endpoint: custom, installed: both, last })).toEqual(ref('other'));
    const link = endpoint({ path: '/var/run/docker.sock', by: 'place', target: '/tmp/mine.sock' });
    expect(see({ endpoint: link, info: info('OrbStack', 'orbstack') })).toEqual(ref('other'));
    // Another one's place.
    const desktop = endpoint({ path: '/Users/me/.docker/run/docker.sock', by: 'place', isPlace: true });
    expect(see({ endpoint: desktop, info: info('Ubuntu', 'colima') })).toEqual(ref('other'));
  });

  test('down: what the person has chosen, by link, socket or context', () => {
    const link = endpoint({ by: 'place', target: '/Users/me/.colima/work/docker.sock' });
    expect(see({ endpoint: link, installed: both })).toEqual(ref('colima', 'work'));
    const context = endpoint({ path: '/data/vms/work/docker.sock', by: 'context', context: 'colima-work' });
    expect(see({ endpoint: { ...context, isPlace: true }, installed: both })).toEqual(ref('colima', 'work'));
    // The name of a context that leads elsewhere says nothing of this Mac.
    expect(see({ endpoint: context, installed: both })).toEqual(ref('other'));
    expect(see({ endpoint: { ...context, path: null } })).toEqual(ref('other'));
  });

  test('a context that Docker has lost: its name tells whose it was', () => {
    const lost = endpoint({ by: 'lostContext', context: 'orbstack' });
    expect(see({ endpoint: lost, installed: both })).toEqual(ref('orbstack'));
    expect(see({ endpoint: { ...lost, context: 'my-server' }, installed: both })).toEqual(ref('other'));
  });

  test('down, and nothing chosen: the one that answered last, else the first that is installed', () => {
    const last = { ref: ref('colima', 'work'), socket: '/gone.sock' };
    expect(see({ installed: both, last })).toEqual(ref('colima', 'work'));
    expect(see({ installed: both })).toEqual(ref('docker-desktop'));
    // It was taken off this Mac since.
    expect(see({ installed: [ref('orbstack')], last })).toEqual(ref('orbstack'));
    expect(see({})).toBeNull();
  });

  test('a place that no pattern tells: who answered there last', () => {
    const at = endpoint({ path: '/data/vms/work/docker.sock', by: 'place', isPlace: true });
    const last = { ref: ref('colima', 'work'), socket: '/data/vms/work/docker.sock' };
    expect(see({ endpoint: at, installed: [ref('docker-desktop')], last })).toEqual(ref('colima', 'work'));
  });
});
