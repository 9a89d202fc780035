// What the executable of minikube.mjs stands in: its flags, its profile and state, its streams, its kubeconfig.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const place = process.env.MINIKUBE_HOME ?? '/nonexistent';
export const home = join(place, '.minikube');
export const args = process.argv.slice(2);
export const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
export const verb = args[0] ?? '';
export const kubeconfigFile = process.env.KUBECONFIG ?? join(process.env.HOME ?? place, '.kube/config');
export const json = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);
export const scene = json(join(place, 'scene.json')) ?? {};
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function keep(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
}
const flag = (name) => own.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
const after = (short) => (own.includes(short) ? own[own.indexOf(short) + 1] : undefined);
export const name = after('-p') ?? 'minikube';
export const folder = join(home, 'profiles', name);
export const profile = json(join(folder, 'config.json'));
/** Of each machine `Running`, `Stopped`; and whether Kubernetes is paused, since when it is up, where its API is. */
export const state = json(join(folder, 'state.json')) ?? {
  hosts: {},
  isPaused: false,
  bootSeconds: 0,
  server: '',
};
export const save = () => keep(join(folder, 'state.json'), state);

/** In pieces, which cut lines and characters in two. */
export async function write(stream, text) {
  const bytes = Buffer.from(text);
  const size = scene.pieceBytes ?? bytes.length;
  for (let at = 0; at < bytes.length; at += size) {
    stream.write(bytes.subarray(at, at + size));
    if (size < bytes.length) await pause(1);
  }
}
let totalSteps = '-1';
/** Of the verb that runs; "-1" where no step was registered. */
export const register = (total) => void (totalSteps = total);
export function event(type, data) {
  const source = 'https://minikube.sigs.k8s.io/';
  const kind = `io.k8s.sigs.minikube.${type}`;
  const whole = {
    data,
    datacontenttype: 'application/json',
    id: 'of-a-double',
    source,
    specversion: '1.0',
    type: kind,
  };
  return write(process.stdout, `${JSON.stringify(whole)}\n`);
}
export const step = (stepName, currentstep, message = `${stepName} …`) =>
  event('step', { name: stepName, message, currentstep, totalsteps: totalSteps });
export async function exitWith(exitcode, reason, message, advice = '') {
  await event('error', { exitcode: String(exitcode), name: reason, message, advice, url: '', issues: '' });
  process.exit(exitcode);
}
/** mustload.go: no error event, but two steps without a number. */
export async function exitTip(code, message, tip) {
  await step('', '', message);
  await step('', '', `To start a cluster, run: "minikube ${tip} -p ${name}"`);
  process.exit(code);
}
export const missing = () => exitTip(85, `Profile "${name}" not found.`, 'start');

export const machineName = (node) => (node.Name === '' ? name : `${name}-${node.Name}`);
export const machines = () => (profile?.Nodes ?? []).map(machineName);
/** What the world around it sees: containers, and an API. */
export async function machine(machineName_, to) {
  state.hosts[machineName_] = to;
  save();
  if (scene.hook !== undefined)
    await fetch(scene.hook, {
      method: 'POST',
      body: JSON.stringify({
        machine: machineName_,
        profile: name,
        driver: json(join(folder, 'config.json'))?.Driver,
        to,
      }),
    });
}

/** kubeconfig/settings.go: by paths, unless the certificates are to be embedded. */
export function writeKubeconfig(embeds) {
  const ca = join(home, 'ca.crt');
  const [cert, key] = ['client.crt', 'client.key'].map((file) => join(folder, file));
  for (const file of [ca, cert, key]) if (!existsSync(file)) keep(file, `what is in ${file}`);
  const part = (label, file) =>
    embeds ? { [`${label}-data`]: readFileSync(file).toString('base64') } : { [label]: file };
  const cluster = {
    server: state.server,
    'insecure-skip-tls-verify': true,
    ...part('certificate-authority', ca),
  };
  const user = { ...part('client-certificate', cert), ...part('client-key', key) };
  keep(kubeconfigFile, {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
    'current-context': name,
  });
}
export function kubeconfigLeadsHere() {
  const text = existsSync(kubeconfigFile) ? readFileSync(kubeconfigFile, 'utf8') : '';
  return (
    text !== '' &&
    JSON.parse(text).clusters?.some((each) => each.name === name && each.cluster.server === state.server)
  );
}

export function newProfile() {
  const count = Number(flag('nodes') ?? '1');
  const Nodes = Array.from({ length: count }, (_, index) => ({
    Name: index === 0 ? '' : `m0${index + 1}`,
    Port: 8443,
    ControlPlane: index === 0,
    Worker: true,
  }));
  return {
    Name: name,
    Driver: flag('driver') ?? 'vfkit',
    Memory: Number.parseInt(flag('memory') ?? '6144', 10),
    ExposedPorts: flag('ports') === undefined ? [] : [flag('ports')],
    EmbedCerts: own.includes('--embed-certs'),
    KubernetesConfig: { KubernetesVersion: flag('kubernetes-version') ?? 'v1.35.0' },
    Nodes,
  };
}
