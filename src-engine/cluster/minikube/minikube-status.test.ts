import { expect, test } from 'vitest';
import { nodeStatus as node } from '../../../test/doubles/minikube-status.ts';
import { statusOf } from './minikube-status.ts';

const worker = { Name: 'lab-m02', Worker: true, APIServer: 'Irrelevant', Kubeconfig: 'Irrelevant' };
const down = { Host: 'Stopped', Kubelet: 'Stopped', APIServer: 'Stopped', Kubeconfig: 'Stopped' };
const step = (message: string) =>
  JSON.stringify({
    specversion: '1.0',
    type: 'io.k8s.sigs.minikube.step',
    data: { name: '', message, currentstep: '', totalsteps: '-1' },
  });
const said = (stdout: unknown, exitCode: number | null, stderr = '') =>
  statusOf({ stdout: typeof stdout === 'string' ? stdout : JSON.stringify(stdout), exitCode, stderr });

test.each([
  ['one node', node(), 0, 'running', null],
  ['several nodes: an array', [node(), node(worker)], 0, 'running', null],
  ['stopped, exit 7 by design', node(down), 7, 'stopped', null],
  [
    'paused, exit 2 by design, and not stopped',
    node({ Kubelet: 'Stopped', APIServer: 'Paused' }),
    2,
    'paused',
    'nodePaused',
  ],
  ['a machine frozen by its runtime', node({ ...down, Host: 'Paused' }), 7, 'paused', 'nodePaused'],
  ['API server gone', node({ APIServer: 'Stopped' }), 2, 'degraded', 'apiDown'],
  ['kubelet of a worker gone', [node(), node({ ...worker, Kubelet: 'Stopped' })], 2, 'degraded', 'apiDown'],
  ['one of two hosts down', [node(), node({ ...worker, ...down })], 1, 'partial', 'nodeStopped'],
  ['its disk is full', node({ Host: 'InsufficientStorage' }), 1, 'degraded', 'machineDiskFull'],
  ['a host in error', node({ Host: 'Error' }), 1, 'unknown', 'minikubeUnreadable'],
  ['nonsense', 'not json', 1, 'unknown', 'minikubeUnreadable'],
  ['nothing', '', null, 'unknown', 'minikubeUnreadable'],
  ['nodes that could not be asked', 'null', 0, 'unknown', 'minikubeUnreadable'],
])('%s', (_what, stdout, exitCode, state, why) => {
  expect(said(stdout, exitCode).observation).toMatchObject({ state, why });
});

test('a profile that is missing is told by its exit code, in events that are no errors', () => {
  const events = [
    step('Profile "lab" not found. Run "minikube profile list" to view all profiles.'),
    step('To start a cluster, run: "minikube start -p lab"'),
  ];
  expect(said(events.join('\n'), 85).observation).toMatchObject({ state: 'absent', nodes: [] });
  expect(said(events.join('\n'), 1).observation.state).toBe('unknown');
});

test('a machine that was removed by hand: only the log says so, beside an empty document', () => {
  const log = 'E1130 10:00:00.000000    99 status.go:122] status error: the "lab" host does not exist\n';
  expect(said('null', 0, log).observation.state).toBe('absent');
  // The first of several that is gone hides the others, which may well run.
  expect(statusOf({ stdout: 'null', exitCode: 0, stderr: log }, 2).observation).toMatchObject({
    state: 'partial',
    why: 'nodeGone',
  });
});

test('a document behind a warning, and whether the kubeconfig leads there', () => {
  const misled = `W1130 main.go: slow\n${JSON.stringify(node({ Kubeconfig: 'Misconfigured' }))}`;
  expect(said(misled, 4)).toMatchObject({ observation: { state: 'running' }, isMisdirected: true });
  expect(said(node(), 0).isMisdirected).toBe(false);
});

test('a node is ready when its kubelet runs', () => {
  expect(said([node(), node({ ...worker, ...down })], 1).observation.nodes).toEqual([
    { name: 'lab', role: 'control-plane', ready: true, pods: null },
    { name: 'lab-m02', role: 'worker', ready: false, pods: null },
  ]);
});
