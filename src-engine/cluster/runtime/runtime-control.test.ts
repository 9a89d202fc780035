import { describe, expect, test } from 'vitest';
import { controlOf, hindrance, knowsNoSuchVerb, type Standing } from './runtime-control.ts';
import type { RuntimeRef } from './runtime-ref.ts';

const mac: Standing = { os: 'darwin', isRoot: false, hasSystemd: false };
const linux: Standing = { os: 'linux', isRoot: false, hasSystemd: true };
const ref = (name: RuntimeRef['name'], profile: string | null = null): RuntimeRef => ({ name, profile });
const words = (which: RuntimeRef, verb: 'start' | 'stop', standing = mac) =>
  controlOf(which, standing)?.[verb].map(({ tool, args }) => [tool, ...args].join(' '));

describe('what starts and stops', () => {
  test.each([
    [ref('docker-desktop'), ['docker desktop start', 'open -ga Docker'], 'docker desktop stop'],
    [ref('colima', 'default'), ['colima start --profile default'], 'colima stop --profile default'],
    [ref('colima', 'work'), ['colima start --profile work'], 'colima stop --profile work'],
    [ref('orbstack'), ['orb start'], 'orb stop'],
    [ref('rancher-desktop'), ['rdctl start'], 'rdctl shutdown'],
  ])('%o', (which, start, stop) => {
    expect(words(which, 'start')).toEqual(start);
    expect(words(which, 'stop')?.[0]).toBe(stop);
  });

  test('dockerd stops with its socket, or the next question would start it again', () => {
    expect(words(ref('dockerd'), 'stop', linux)).toEqual([
      'systemctl --no-ask-password stop docker.socket docker.service',
    ]);
    expect(words(ref('dockerd', 'rootless'), 'start', linux)).toEqual([
      'systemctl --user start docker.service',
    ]);
  });

  test('Docker Desktop on Linux is no app to open', () => {
    expect(words(ref('docker-desktop'), 'start', linux)).toEqual(['docker desktop start']);
  });

  test('nobody knows how to start what nobody knows', () => {
    expect(controlOf(ref('other'), mac)).toBeNull();
  });
});

describe('whose it is', () => {
  test('apps of the person’s own are', () => {
    for (const name of ['docker-desktop', 'colima', 'orbstack', 'rancher-desktop'] as const)
      expect(hindrance(ref(name), mac, null), name).toBeNull();
  });

  test('the daemon of the system is root’s, and of a service manager', () => {
    expect(hindrance(ref('dockerd'), linux, '/s')).toEqual({
      code: 'runtimeNeedsRoot',
      params: { runtime: 'dockerd' },
    });
    expect(hindrance(ref('dockerd'), { ...linux, isRoot: true }, '/s')).toBeNull();
    expect(hindrance(ref('dockerd'), { ...linux, isRoot: true, hasSystemd: false }, '/s')).toEqual({
      code: 'runtimeUnmanaged',
      params: { runtime: 'dockerd' },
    });
    expect(hindrance(ref('dockerd', 'rootless'), linux, '/s')).toBeNull();
  });

  test('none, and one that nobody knows, by its socket', () => {
    expect(hindrance(null, mac, null)?.code).toBe('runtimeMissing');
    expect(hindrance(ref('other'), mac, '/tmp/mine.sock')).toEqual({
      code: 'runtimeUnknown',
      params: { socket: '/tmp/mine.sock' },
    });
  });
});

test('a docker without the verb `desktop`', () => {
  expect(knowsNoSuchVerb("docker: 'desktop' is not a docker command.\nSee 'docker --help'")).toBe(true);
  expect(knowsNoSuchVerb('docker: unknown command: docker desktop\n')).toBe(true);
  expect(knowsNoSuchVerb('Error: Docker Desktop is unable to start')).toBe(false);
});
