#!/usr/bin/env node
// An executable that replays subctl 0.22's documented outputs, exit codes and questions (research/cluster-tools.md, 1.1 and 1.2) on a
// cluster that is only an API. SUBCTL_SCENE names a file that says what goes wrong; SUBCTL_CALLS one that hears each call.
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const scene = JSON.parse(
  existsSync(process.env.SUBCTL_SCENE ?? '') ? readFileSync(process.env.SUBCTL_SCENE, 'utf8') : '{}',
);
const version = scene.version ?? 'v0.22.2';
const [verb, ...rest] = process.argv.slice(2);
const flag = (name) => rest.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const has = (name) => rest.includes(`--${name}`) || flag(name) === 'true';
const say = (text) => process.stderr.write(`${text}\n`);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
if (process.env.SUBCTL_CALLS)
  appendFileSync(process.env.SUBCTL_CALLS, `${JSON.stringify([verb, ...rest])}\n`);

const OPERATOR = 'submariner-operator';
const BROKER = 'submariner-k8s-broker';
const SUBM = 'submariner.io/v1';
const ALPHA = 'submariner.io/v1alpha1';

/** Phases on standard error as without a terminal: ` • TEXT  ...`, then ` ✓ TEXT`. A scene may stop, fail or hang in one. */
async function phase(text, work = async () => undefined) {
  say(` • ${text}  ...`);
  if (scene.hangIn === text) await pause(600_000);
  await pause(scene.delayMs ?? 0);
  if (scene.failIn === text) fail(scene.failure ?? `${text} failed`);
  await work();
  say(` ✓ ${text}`);
}
function fail(text) {
  say(` ✗ ${text}`);
  say(`\nsubctl version: ${version}\n`);
  process.exit(1);
}

const flags = {
  'deploy-broker': ['broker-url', 'components', 'globalnet', 'ipsec-psk-from', 'kubeconfig', 'context'],
  join: [
    'air-gapped',
    'cable-driver',
    'check-broker-certificate',
    'clustercidr',
    'clusterid',
    'context',
    'force-udp-encaps',
    'globalnet',
    'health-check-max-packet-loss-count',
    'kubeconfig',
    'label-gateway',
    'natt',
    'nattport',
    'preferred-server',
    'servicecidr',
  ],
  uninstall: ['context', 'kubeconfig', 'yes'],
};
function help() {
  const known = flags[verb].filter((name) => !(scene.lacks ?? []).includes(name));
  console.log(`Usage:\n  subctl ${verb} [flags]\n\nFlags:`);
  for (const name of known)
    console.log(`${name === 'yes' ? '  -y, ' : '      '}--${name} string   as documented`);
}

/** The one context of the kubeconfig that was named: it is JSON, which is YAML too. */
function cluster() {
  const config = JSON.parse(readFileSync(flag('kubeconfig'), 'utf8'));
  const context = config.contexts.find(({ name }) => name === flag('context'));
  if (context === undefined)
    fail(`could not obtain the cluster name from kube config: ${JSON.stringify(config)}`);
  return config.clusters.find(({ name }) => name === context.context.cluster);
}

/** Its API is without TLS here. */
const api = (server) => async (method, path, body) => {
  const answer = await fetch(server.replace('https:', 'http:') + path, {
    method,
    headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
};
const pathOf = (version_, namespace, plural, name = '') =>
  `/apis/${version_}/namespaces/${namespace}/${plural}${name === '' ? '' : `/${name}`}`;

async function installKinds(call) {
  for (const name of ['gateways', 'endpoints', 'clusters', 'submariners', 'brokers'])
    await call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      metadata: { name: `${name}.submariner.io` },
    });
  for (const name of ['serviceexports', 'serviceimports'])
    await call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      metadata: { name: `${name}.multicluster.x-k8s.io` },
    });
  await call('POST', '/api/v1/namespaces', { metadata: { name: OPERATOR } });
}

const base64 = (text) => Buffer.from(text).toString('base64');
const secretOf = (name, data) => ({ metadata: { name }, data });

async function deployBroker() {
  const own = cluster();
  const call = api(own.cluster.server);
  await phase('Setting up broker RBAC', async () => {
    await call('POST', '/api/v1/namespaces', { metadata: { name: BROKER } });
  });
  await phase('Deploying the Submariner operator', () => installKinds(call));
  await phase('Deploying the broker', () =>
    call('POST', pathOf(ALPHA, BROKER, 'brokers'), { metadata: { name: 'submariner-broker' }, spec: {} }),
  );
  const url = flag('broker-url') ?? own.cluster.server;
  const psk = secretOf('submariner-ipsec-psk', {
    psk: base64('SECRET-PSK-of-the-broker-of-this-scene-48-bytes!'),
  });
  const token = secretOf('submariner-k8s-broker-admin-token', {
    'ca.crt':
      scene.brokerFile === 'other' ? base64('another') : (own.cluster['certificate-authority-data'] ?? ''),
    namespace: base64(BROKER),
    token: base64('SECRET-TOKEN-of-the-administrator-of-the-broker-of-this-scene'),
  });
  const small = scene.brokerFile === 'small';
  const text = JSON.stringify({
    brokerURL: url,
    [small ? 'clientToken' : 'ClientToken']: token,
    [small ? 'ipsecPSK' : 'IPSecPSK']: psk,
    ServiceDiscovery: true,
    Components: ['service-discovery', 'connectivity'],
    CustomDomains: null,
  });
  await phase('Saving broker info to file "broker-info.subm"', async () => {
    if (existsSync('broker-info.subm')) renameSync('broker-info.subm', `broker-info.subm.${Date.now()}`);
    const file = base64(text).replaceAll('+', '-').replaceAll('/', '_');
    const cut = scene.brokerFile === 'truncated' ? file.slice(0, file.length / 2) : file;
    if (scene.brokerFile !== 'none') writeFileSync('broker-info.subm', cut, { mode: 0o600 });
  });
}

function brokerInfo(file) {
  try {
    const info = JSON.parse(Buffer.from(readFileSync(file, 'utf8'), 'base64url').toString('utf8'));
    say(` ✓ ${file} indicates broker is at ${info.brokerURL}`);
    return info;
  } catch {
    return fail(
      'Error loading the broker information from the given file: error decoding data: illegal base64 data',
    );
  }
}

async function join() {
  const info = brokerInfo(rest[0]);
  const call = api(cluster().cluster.server);
  const broker = api(info.brokerURL);
  const id = flag('clusterid');
  const { body: nodes } = await call('GET', '/api/v1/nodes');
  const labelled = nodes.items.filter(
    ({ metadata }) => metadata.labels?.['submariner.io/gateway'] === 'true',
  );
  // A question that nobody sees, and nobody answers.
  if (flag('label-gateway') !== 'false' && labelled.length === 0 && nodes.items.length > 1)
    fail('Error getting gateway node: EOF');
  await phase('Discovering network details');
  await phase('Gathering relevant information from Broker', async () => {
    const { body } = await broker('GET', pathOf(SUBM, BROKER, 'clusters'));
    if (body.items?.some(({ spec }) => spec.cluster_id === id)) fail(`the cluster ID "${id}" is not unique`);
  });
  await phase('Deploying the Submariner operator', () => installKinds(call));
  await phase('Creating SA for cluster');
  await phase('Connecting to Broker');
  await phase('Deploying submariner', () =>
    call('POST', pathOf(ALPHA, OPERATOR, 'submariners'), {
      metadata: { name: 'submariner' },
      spec: {
        clusterID: id,
        brokerK8sApiServer: info.brokerURL.replace('https://', ''),
        brokerK8sApiServerToken: 'SECRET-TOKEN-of-the-administrator-of-the-broker-of-this-scene',
        ceIPSecPSK: 'SECRET-PSK-of-the-broker-of-this-scene-48-bytes!',
        natEnabled: flag('natt') === 'true',
      },
    }),
  );
  // What the operator does afterwards: the gateway of the labelled node starts when it finds its address, and tells the broker.
  const [node] = labelled;
  const address = node?.metadata.annotations?.['gateway.submariner.io/public-ip'];
  if (labelled.length === 1 && address?.startsWith('ipv4:') && scene.gateway !== 'none') {
    await call('POST', pathOf(SUBM, OPERATOR, 'gateways'), {
      metadata: { name: node.metadata.name },
      clusterId: id,
      publicIp: address.slice(5),
      failure: scene.gateway ?? '',
    });
    const spec = {
      cluster_id: id,
      cluster_cidr: [flag('clustercidr')],
      service_cidr: [flag('servicecidr')],
      global_cidr: [],
    };
    await broker('POST', pathOf(SUBM, BROKER, 'clusters'), { metadata: { name: id }, spec });
    await broker('POST', pathOf(SUBM, BROKER, 'endpoints'), {
      metadata: { name: `${id}-cable` },
      spec: {
        cluster_id: id,
        cable_name: 'c',
        hostname: node.metadata.name,
        backend: 'libreswan',
        nat_enabled: true,
        subnets: [],
      },
    });
  }
  say(' ✓ Submariner is up and running');
}

async function uninstall() {
  // The question goes to a terminal that is not there: no is assumed, and that is no error.
  if (!rest.includes('-y') && !has('yes')) return;
  if (scene.uninstall === 'nothing') return;
  const own = cluster();
  const call = api(own.cluster.server);
  await phase('Checking if the connectivity component is installed');
  const { body: installed } = await call('GET', pathOf(ALPHA, OPERATOR, 'submariners'));
  await phase('Deleting the Submariner resource - this may take some time', async () => {
    await call('DELETE', pathOf(ALPHA, OPERATOR, 'submariners', 'submariner'));
    const { body } = await call('GET', pathOf(SUBM, OPERATOR, 'gateways'));
    for (const { metadata } of body.items ?? [])
      await call('DELETE', pathOf(SUBM, OPERATOR, 'gateways', metadata.name));
  });
  const { body: endpoints } = await call('GET', pathOf(SUBM, BROKER, 'endpoints'));
  const { status } = await call('GET', `/api/v1/namespaces/${BROKER}`);
  const others = (endpoints.items ?? []).filter(({ spec }) => spec.cluster_id !== own.name);
  // Where no cluster had joined it knows of no broker: that one's namespace stays, and the operator goes.
  if ((installed.items ?? []).length === 0) await call('DELETE', `/api/v1/namespaces/${OPERATOR}`);
  else if (status === 200 && others.length > 0)
    say(` ⚠ Broker namespace "${BROKER}" appears to be in use by other clusters`);
  else {
    await call('DELETE', `/api/v1/namespaces/${BROKER}`);
    await call('DELETE', `/api/v1/namespaces/${OPERATOR}`);
  }
  const { body: nodes } = await call('GET', '/api/v1/nodes');
  for (const { metadata } of nodes.items)
    await call('PATCH', `/api/v1/nodes/${metadata.name}`, {
      metadata: { labels: { 'submariner.io/gateway': null } },
    });
}

if (scene.hangIn === verb) await pause(600_000);
if (verb === 'version') console.log(`subctl version: ${version}`);
else if (rest.includes('--help')) help();
else if (verb === 'deploy-broker') await deployBroker();
else if (verb === 'join') await join();
else if (verb === 'uninstall') await uninstall();
else fail(`unknown command "${verb}" for "subctl"`);
