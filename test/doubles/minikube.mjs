#!/usr/bin/env node
// An executable that replays minikube 1.38's documented grammar (research/cluster-tools.md, section 4):
// CloudEvents with string numbers, status in its three shapes, exit codes by design. State: one file per profile.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.MINIKUBE_HOME ?? '/nonexistent';
const args = process.argv.slice(2);
const profile = args[args.indexOf('-p') + 1] ?? 'minikube';
const file = join(folder, `${profile}.profile`);
const state = existsSync(file) ? readFileSync(file, 'utf8') : null;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function event(type, data) {
  console.log(
    JSON.stringify({
      specversion: '1.0',
      id: String(Math.random()),
      source: 'https://minikube.sigs.k8s.io/',
      type: `io.k8s.sigs.minikube.${type}`,
      datacontenttype: 'application/json',
      data,
    }),
  );
}
function fail(exitcode, name, message, advice) {
  event('error', { exitcode: String(exitcode), name, message, advice, url: '', issues: '' });
  process.exit(exitcode);
}

const verbs = {
  version: () => console.log(JSON.stringify({ minikubeVersion: 'v1.38.1', commit: 'abc' })),
  async start() {
    if (process.env.MINIKUBE_FAIL)
      fail(
        23,
        'RSRC_INSUFFICIENT_CONTAINER_MEMORY',
        'Docker has only 1000MiB available',
        'Give Docker more memory.',
      );
    mkdirSync(folder, { recursive: true });
    console.error('I0101 10:00:00.000000 start.go: klog speaks on standard error');
    const steps = [
      ['Initial Minikube Setup', '0'],
      ['Selecting Driver', '1'],
      ['Updating Driver', ''],
      ['Starting Node', '3'],
      ['Booting control plane', '12'],
      ['Done', '19'],
    ];
    for (const [name, currentstep] of steps) {
      event('step', { name, message: `${name}…`, currentstep, totalsteps: '19' });
      await pause(Number(process.env.MINIKUBE_STEP_MS ?? 20));
      if (name === 'Selecting Driver') event('download.progress', { artifact: 'kicbase', progress: '0.5' });
      if (name === 'Starting Node') writeFileSync(file, 'Half');
    }
    writeFileSync(file, 'Running');
  },
  async stop() {
    if (state === null) fail(85, 'MK_USAGE_NO_PROFILE', `The ${profile} profile does not exist`, '');
    event('step', { name: 'Stopping', message: 'Stopping…', currentstep: '0', totalsteps: '2' });
    await pause(20);
    writeFileSync(file, 'Stopped');
    event('step', { name: 'Done', message: '1 node stopped.', currentstep: '2', totalsteps: '2' });
  },
  delete: () => rmSync(file, { force: true }),
  status() {
    if (state === null) {
      event('error', {
        exitcode: '85',
        name: 'MK_USAGE_NO_PROFILE',
        message: `Profile "${profile}" not found`,
        advice: '',
        url: '',
        issues: '',
      });
      process.exit(85);
    }
    const up = state === 'Running' ? 'Running' : 'Stopped';
    process.stdout.write(
      JSON.stringify({
        Name: profile,
        Host: state === 'Half' ? 'Running' : up,
        Kubelet: up,
        APIServer: up,
        Kubeconfig: 'Configured',
        Worker: false,
      }),
    );
    process.exit(state === 'Running' ? 0 : 7);
  },
};
await verbs[args[0]]?.();
