import { expect, test } from 'vitest';
import { parseProfiles, profileOf } from './minikube-profile.ts';

const node = (Name: string, ControlPlane = false) => ({ Name, ControlPlane, Worker: true, Port: 8443 });
const config = (over: Record<string, unknown> = {}) => ({
  Name: 'lab',
  Driver: 'docker',
  Memory: 2048,
  CPUs: 2,
  ExposedPorts: ['127.0.0.1:47390:30080'],
  KubernetesConfig: { KubernetesVersion: 'v1.35.0' },
  Nodes: [node('', true)],
  ...over,
});

test('a profile: its driver, the memory of each machine, the names of its machines', () => {
  expect(profileOf('lab', config())).toEqual({
    name: 'lab',
    driver: 'docker',
    memoryMegabytes: 2048,
    version: 'v1.35.0',
    machines: [{ name: 'lab', isControlPlane: true }],
    published: { hostPort: 47_390, nodePort: 30_080 },
  });
  const three = config({ Nodes: [node('m01', true), node('m02'), node('m03')], ExposedPorts: null });
  expect(profileOf('lab', three)).toMatchObject({
    machines: [
      { name: 'lab', isControlPlane: true },
      { name: 'lab-m02', isControlPlane: false },
      { name: 'lab-m03', isControlPlane: false },
    ],
    published: null,
  });
});

test('what a file of another version leaves out is not known, and nothing is no profile', () => {
  const bare = { VMDriver: 'hyperkit', Nodes: null };
  expect(profileOf('old', bare)).toMatchObject({ driver: 'hyperkit', memoryMegabytes: 0, machines: [] });
  expect(profileOf('lab', undefined)).toBeNull();
  expect(profileOf('lab', { Memory: 'much' })).toBeNull();
});

test.each([
  ['30080:30080', { hostPort: 30_080, nodePort: 30_080 }],
  ['0.0.0.0:8080:30080/tcp', { hostPort: 8080, nodePort: 30_080 }],
  ['127.0.0.1:443:443', null],
  ['30080', null],
])('published as %s', (port, published) => {
  expect(profileOf('lab', config({ ExposedPorts: [port] }))?.published).toEqual(published);
});

test('a list has the valid ones, each with its state by name', () => {
  const listed = (Name: string, Status: string) => ({
    Name,
    Status,
    Config: config({ Name }),
    Active: false,
  });
  const valid = [
    listed('a', 'OK'),
    listed('b', 'Stopped'),
    listed('c', 'Paused'),
    listed('d', 'Starting'),
    listed('e', 'Skipped'),
    listed('f', 'Running'),
  ];
  const stdout = JSON.stringify({ valid, invalid: [{ Name: 'broken', Status: '', Config: null }] });
  const found = parseProfiles(`! a warning\n${stdout}`);
  expect(found.map(({ profile, state }) => `${profile.name} ${state}`)).toEqual([
    'a running',
    'b stopped',
    'c paused',
    'd starting',
    'e unknown',
    'f running',
  ]);
  for (const none of ['{"error":{"Op":"open"}}', 'null', '', '{"valid":null,"invalid":[]}'])
    expect(parseProfiles(none)).toEqual([]);
});
