#!/usr/bin/env node
// An executable that replays the Cilium CLI 0.16's documented outputs and exit codes (docs.cilium.io, cmdref, and cilium-cli/clustermesh)
// on clusters that are only APIs. CILIUM_SCENE names a file that says what goes wrong; CILIUM_CALLS one that hears each call.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

const scene = JSON.parse(
  existsSync(process.env.CILIUM_SCENE ?? '') ? readFileSync(process.env.CILIUM_SCENE, 'utf8') : '{}',
);
const words = process.argv.slice(2);
const flag = (name) => words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const say = (text) => process.stdout.write(`${text}\n`);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
if (process.env.CILIUM_CALLS) appendFileSync(process.env.CILIUM_CALLS, `${JSON.stringify(words)}\n`);

function fail(what, why) {
  process.stderr.write(`\nError: ${what}: ${why}\n`);
  process.exit(1);
}
/** A scene may stop, fail or hang in a place. */
async function pass(place, what) {
  if (scene.hangIn === place) await pause(600_000);
  if (scene.failIn === place) fail(what, scene.failure ?? `${place} failed`);
  await pause(scene.delayMs ?? 0);
}

const flags = {
  connect: [
    'allow-mismatching-ca',
    'connection-mode string',
    'destination-context strings',
    'destination-endpoint strings',
    'parallel int',
    'source-endpoint strings',
  ],
  disconnect: ['connection-mode string', 'destination-context strings'],
  status: ['wait', 'wait-duration duration'],
};
function help(verb) {
  const known = flags[verb].filter((name) => !(scene.lacks ?? []).some((lack) => name.startsWith(lack)));
  say(`Usage:\n  cilium clustermesh ${verb} [flags]\n\nFlags:`);
  for (const name of known) say(`      --${name}   as documented`);
  if (verb === 'status') say('  -o, --output string            Output format. One of: json, summary');
  say('  -h, --help                     help\n\nGlobal Flags:');
  for (const name of ['as string', 'context string', 'helm-release-name string'])
    say(`      --${name}   as documented`);
  say('  -n, --namespace string         Namespace Cilium is running in');
}

/** A context of the kubeconfig that the environment names: it is JSON, which is YAML too. Its API is without TLS here. */
function cluster(context, what) {
  const config = JSON.parse(readFileSync(process.env.KUBECONFIG, 'utf8'));
  const found = config.contexts.find(({ name }) => name === context);
  if (found === undefined) fail(what, `context "${context}" does not exist`);
  const { name, cluster: place } = config.clusters.find((one) => one.name === found.context.cluster);
  const call = async (method, path, body) => {
    const answer = await fetch(place.server.replace('https:', 'http:') + path, {
      method,
      headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.json() };
  };
  return { name, call };
}

const SYSTEM = '/api/v1/namespaces/kube-system';
const base64 = (text) => Buffer.from(text).toString('base64');

async function identity({ call }, what) {
  const { status, body } = await call('GET', `${SYSTEM}/configmaps/cilium-config`);
  if (status !== 200) fail(what, 'unable to retrieve ConfigMap "cilium-config": not found');
  return { name: body.data['cluster-name'], id: body.data['cluster-id'] };
}

/** Helm's upgrade, as far as it is seen: the Secret that the agents read. */
async function tell({ call }, change) {
  const path = `${SYSTEM}/secrets/cilium-clustermesh`;
  const { status, body } = await call('GET', path);
  const data = change(status === 200 ? body.data : {});
  if (status === 200) await call('PATCH', path, { data });
  else await call('POST', `${SYSTEM}/secrets`, { metadata: { name: 'cilium-clustermesh' }, data });
}
const withRemote = (remote) => (data) => ({
  ...data,
  [remote]: base64(`endpoints:\n- https://${remote}.mesh.cilium.io:32379\n`),
  [`${remote}.etcd-client.key`]: base64('SECRET-KEY-of-the-mesh-of-this-scene'),
});
const withoutRemote = (remote) => (data) =>
  Object.fromEntries(
    Object.entries(data).filter(([name]) => name !== remote && !name.startsWith(`${remote}.`)),
  );

async function connect() {
  const what = 'Unable to connect cluster';
  const own = cluster(flag('context'), what);
  const peer = cluster(flag('destination-context'), what);
  await pass('connect', what);
  const [ownIs, peerIs] = [await identity(own, what), await identity(peer, what)];
  say(`✨ Extracting access information of cluster ${peerIs.name}...`);
  say(`🔑 Extracting secrets from cluster ${peerIs.name}...`);
  say('ℹ️  Found ClusterMesh service IPs: [172.30.1.2]');
  if (ownIs.id === peerIs.id)
    fail(what, `remote and local cluster have the same, non-unique ID: ${ownIs.id}`);
  say(`ℹ️  Configuring Cilium in cluster ${ownIs.name} to connect to cluster ${peerIs.name}`);
  await tell(own, withRemote(peerIs.name));
  // Half of it is done.
  await pass('remote', what);
  say(`ℹ️  Configuring Cilium in cluster ${peerIs.name} to connect to cluster ${ownIs.name}`);
  await tell(peer, withRemote(ownIs.name));
  say(`✅ Connected cluster ${ownIs.name} <=> ${peerIs.name}!`);
}

async function disconnect() {
  const what = 'Unable to disconnect clusters';
  const own = cluster(flag('context'), what);
  const peer = cluster(flag('destination-context'), what);
  await pass('disconnect', what);
  const [ownIs, peerIs] = [await identity(own, what), await identity(peer, what)];
  say(`ℹ️  Configuring Cilium in cluster ${ownIs.name} to disconnect from cluster ${peerIs.name}`);
  if (scene.disconnect !== 'nothing') await tell(own, withoutRemote(peerIs.name));
  say(`ℹ️  Configuring Cilium in cluster ${peerIs.name} to disconnect from cluster ${ownIs.name}`);
  if (scene.disconnect !== 'nothing') await tell(peer, withoutRemote(ownIs.name));
  say(`✅ Disconnected clusters ${ownIs.name} <x> ${peerIs.name}!`);
}

async function status() {
  const what = 'Unable to determine status';
  const own = cluster(flag('context'), what);
  await pass('status', what);
  const { name, id } = await identity(own, what);
  const { status: code, body } = await own.call('GET', `${SYSTEM}/secrets/cilium-clustermesh`);
  const remotes = Object.entries(code === 200 ? body.data : {})
    .filter(([, value]) => Buffer.from(value, 'base64').toString('utf8').includes('endpoints:'))
    .map(([remote]) => remote);
  process.stderr.write('✅ Service "clustermesh-apiserver" of type "NodePort" found\n');
  const stats = scene.apart === true ? { configured: 1 } : { configured: 1, connected: 1 };
  const clusters = Object.fromEntries(remotes.map((remote) => [remote, stats]));
  const connectivity = {
    global_services: {},
    connected: scene.apart === true ? {} : { min: 1, avg: 1, max: 1 },
    clusters,
    total: 1,
    ...(scene.apart === true ? { not_ready: 1, errors: { 'cilium-x': { edge: { Errors: [{}] } } } } : {}),
  };
  const access = {
    service_type: 'NodePort',
    service_ips: ['172.30.1.2'],
    service_port: 32379,
    cluster_id: id,
    cluster_name: name,
    client_key: base64('SECRET-KEY-of-the-access-of-this-scene'),
  };
  say(JSON.stringify({ access_information: access, connectivity, kvstoremesh: { enabled: false } }, null, 1));
}

const verbs = { connect, disconnect, status };
const [group, verb] = words;
if (group === 'version') {
  say(`cilium-cli: ${scene.version ?? 'v0.16.24'} compiled with go1.23.4 on darwin/arm64`);
  say('cilium image (default): v1.16.5\ncilium image (stable): v1.16.6');
} else if (group !== 'clustermesh' || !(verb in verbs)) fail('unknown command', words.join(' '));
else if (words.includes('--help')) help(verb);
else await verbs[verb]();
