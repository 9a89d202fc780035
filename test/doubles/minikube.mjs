#!/usr/bin/env node
// An executable that replays minikube 1.38's documented grammar (research/cluster-tools.md, section 4; its sources by the
// names of their files): CloudEvents with string numbers, a status in three shapes, exit codes by design, words where a
// verb has no events. What it is to do stands in scene.json of MINIKUBE_HOME, and what it was asked in calls.jsonl.
import { appendFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  args,
  event,
  exitTip,
  exitWith,
  folder,
  home,
  json,
  keep,
  kubeconfigFile,
  kubeconfigLeadsHere,
  machine,
  machineName,
  machines,
  missing,
  name,
  newProfile,
  own,
  pause,
  place,
  profile,
  register,
  save,
  scene,
  state,
  step,
  verb,
  write,
  writeKubeconfig,
} from './minikube-world.mjs';

/** register.go: names and places of 20 steps; those of a machine are there for each node. */
const ofNode = [
  ['Starting Node', '3'],
  ['Pulling Base Image', '5'],
  ['Creating Container', '8'],
];
const ofKubernetes = [
  ['Preparing Kubernetes', '11'],
  ['Generating certificates', '12'],
  ['Booting control plane', '13'],
  ['Configuring RBAC rules', '14'],
  ['Configuring CNI', '15'],
];
const last = [
  ['Verifying Kubernetes', '17'],
  ['Enabling Addons', '18'],
];

async function start() {
  register('19');
  const isNew = profile === null;
  const config = profile ?? newProfile();
  // A warning of what stands before the tool, klog's lines, and an event of a newer version.
  await write(process.stdout, 'W1130 10:00:00 a line that is no event\n');
  await write(process.stderr, 'I1130 10:00:00.000000 start.go: klog speaks on standard error\n');
  await walk([
    ['Initial Minikube Setup', '0'],
    ['Selecting Driver', '1'],
  ]);
  await event('from.the.future', { message: 'nobody knows it yet' });
  if (isNew) await event('download', { artifact: 'preload.tar.lz4', currentstep: '2', totalsteps: '19' });
  if (isNew) await event('download.progress', { artifact: 'preload.tar.lz4', progress: '0.5' });
  keep(join(folder, 'config.json'), config);
  const [first = name, ...others] = config.Nodes.map(machineName);
  Object.assign(state, {
    isPaused: false,
    bootSeconds: Math.floor(Date.now() / 1000),
    server: scene.servers?.[name] ?? '',
  });
  await walk(
    isNew
      ? ofNode
      : [
          ['Starting Node', '3'],
          ['Updating Driver', ''],
        ],
  );
  await machine(first, 'Running');
  await walk(
    isNew
      ? ofKubernetes
      : [
          ['Preparing Kubernetes', '11'],
          ['Configuring CNI', '15'],
        ],
  );
  await event('warning', { message: 'the disk is slow' });
  await walk(last);
  for (const other of others) {
    await walk(ofNode);
    await machine(other, 'Running');
  }
  writeKubeconfig(config.EmbedCerts);
  await step('Done', '19', `Done! kubectl is now configured to use "${name}" cluster`);
}

/** One after the other, until the one at which the scene has it fail. */
async function walk(steps) {
  for (const [stepName, current] of steps) {
    await step(stepName, current);
    await pause(scene.stepMs ?? 5);
    if (scene.staysAt === stepName) await new Promise(() => setInterval(() => undefined, 1000));
    const { failAt } = scene;
    if (failAt?.verb === verb && failAt.step === stepName)
      await exitWith(failAt.exit, failAt.reason, failAt.message, failAt.advice);
  }
}

async function stop() {
  register('2');
  if (profile === null) await missing();
  for (const each of machines()) {
    await walk([['Stopping', '0']]);
    await machine(each, 'Stopped');
  }
  state.isPaused = false;
  save();
  if (!own.includes('--keep-context-active')) rmSync(kubeconfigFile, { force: true });
  await step('Done', '2', `${machines().length} node stopped.`);
}

async function pauseOrNot(isPaused) {
  register('1');
  if (profile === null) await missing();
  if (!own.includes('-A')) await exitWith(14, 'MK_USAGE', 'Use -A to specify all namespaces');
  await walk([[isPaused ? 'Pausing' : 'Unpausing', '0']]);
  state.isPaused = isPaused;
  await machine(name, isPaused ? 'Paused' : 'Running');
  state.hosts[name] = 'Running';
  save();
  await step('Done', '1', `${isPaused ? 'Paused' : 'Unpaused'} 14 containers`);
}

/** Its words are for people (delete.go), and it says yes to what is not there. */
async function remove() {
  if (profile !== null) console.log(`* Deleting "${name}" in ${profile.Driver} ...`);
  else console.error(`* "${name}" profile does not exist, trying anyways.`);
  await pause(scene.stepMs ?? 5);
  if (scene.failAt?.verb === 'delete') {
    console.error(`X Exiting due to ${scene.failAt.reason}: ${scene.failAt.message}`);
    process.exit(scene.failAt.exit);
  }
  for (const each of Object.keys(state.hosts)) await machine(each, 'Gone');
  rmSync(folder, { recursive: true, force: true });
  rmSync(kubeconfigFile, { force: true });
  console.log(`* Removed all traces of the "${name}" cluster.`);
}

function nodeStatus(node, index) {
  const Host = state.hosts[node] ?? 'Nonexistent';
  const base = { Name: node, Host, Worker: index > 0 };
  if (Host !== 'Running') return { ...base, Kubelet: Host, APIServer: Host, Kubeconfig: Host };
  const Kubelet = state.isPaused ? 'Stopped' : 'Running';
  if (index > 0) return { ...base, Kubelet, APIServer: 'Irrelevant', Kubeconfig: 'Irrelevant' };
  const Kubeconfig = kubeconfigLeadsHere() ? 'Configured' : 'Misconfigured';
  return { ...base, Kubelet, APIServer: state.isPaused ? 'Paused' : 'Running', Kubeconfig };
}
/** cluster/status.go: an object, an array of several, `null` of what could not be asked; bits as the exit code. */
async function status() {
  if (profile === null) await missing();
  const all = machines().map(nodeStatus);
  const gone = all.find(({ Host }) => Host === 'Nonexistent');
  if (gone !== undefined) {
    console.error(`E1130 10:00:00.000000 status.go: status error: the "${gone.Name}" host does not exist`);
    return write(process.stdout, 'null');
  }
  await write(process.stdout, JSON.stringify(all.length === 1 ? all[0] : all));
  const bits = all.map(({ Host, Kubelet, APIServer, Kubeconfig }) => {
    const isDown = Kubelet !== 'Running' || !['Running', 'Irrelevant'].includes(APIServer);
    const isOff = !['Configured', 'Irrelevant'].includes(Kubeconfig);
    return (Host === 'Running' ? 0 : 1) | (isDown ? 2 : 0) | (isOff ? 4 : 0);
  });
  process.exitCode = bits.reduce((sum, bit) => sum | bit, 0);
}

function profiles() {
  const names = existsSync(join(home, 'profiles')) ? readdirSync(join(home, 'profiles')) : [];
  const valid = names.map((Name) => {
    const { hosts, isPaused } = json(join(home, 'profiles', Name, 'state.json')) ?? { hosts: {} };
    const Status = hosts[Name] === 'Running' ? (isPaused ? 'Paused' : 'OK') : (hosts[Name] ?? 'Unknown');
    return { Name, Status, Config: json(join(home, 'profiles', Name, 'config.json')), Active: false };
  });
  return write(process.stdout, JSON.stringify({ invalid: [], valid }));
}

async function updateContext() {
  if (profile === null) await missing();
  if (state.hosts[name] !== 'Running') await exitTip(89, 'The control plane node must be running', 'start');
  writeKubeconfig(false);
}

/** A shell in the machine, which is asked when it was booted, and whether a Service answers by name. */
function ssh() {
  if (state.hosts[name] !== 'Running') return void (process.exitCode = 83);
  const command = args[args.indexOf('--') + 1] ?? '';
  if (command.includes('btime')) return console.log(`btime ${state.bootSeconds}\r`);
  const script = Buffer.from(
    /^echo (\S+) \| base64 -d \| sudo sh$/.exec(command)?.[1] ?? '',
    'base64',
  ).toString();
  const answer = state.isPaused ? 'silent' : (scene.named ?? 'answered');
  console.log(script.includes('clusterDNS') ? `${answer}\r` : '');
}

const verbs = {
  version: () => console.log(JSON.stringify({ commit: 'abc', minikubeVersion: 'v1.38.1' })),
  start,
  stop,
  pause: () => pauseOrNot(true),
  unpause: () => pauseOrNot(false),
  delete: remove,
  status,
  profile: profiles,
  'update-context': updateContext,
  ssh,
};
if (existsSync(place))
  appendFileSync(
    join(place, 'calls.jsonl'),
    `${JSON.stringify({ args, kubeconfig: process.env.KUBECONFIG ?? null })}\n`,
  );
if (verbs[verb] === undefined) {
  console.error(`Error: unknown command "${verb}" for "minikube"`);
  process.exit(64);
}
await verbs[verb]();
