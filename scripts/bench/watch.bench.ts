// What the watch of a cluster costs: CPU and memory of a process that keeps nodes, pods and warnings and looks at them at
// the engine's lively pace, beside `kubectl get pods -A -w` on the same API server; while nothing happens, and under up to
// ten changes a second. `npm run bench -- watch [SECONDS [PODS...]]`, by default 30 s each with 10, 500 and 5,000 pods.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createApiReader } from '../../src-engine/kube/api-reader.ts';
import { systemClock as clock, systemScheduler as scheduler } from '../../src-engine/platform/clock.ts';
import { openPlane, type Plane } from '../../test/kube/rig/plane.ts';
import { programOf } from '../../test/kube/rig/programs.ts';
import { rawApi, type RawApi } from '../../test/kube/rig/raw-api.ts';
import { barePodOf, namespaceOf } from '../../test/kube/rig/workloads.ts';
import { ensureKubeRig } from './kube-rig.ts';
import { pssMegabytes, usageOf } from './processes.ts';
import { pause, report } from './report.ts';

/** Of cluster/observer.ts, while somebody looks. */
const LOOK_MS = 3000;
const SHOP = 'shop';
const CHANGES_PER_SECOND = 10;

const [mode = '30', ...rest] = process.argv.slice(2);
if (mode === 'reader') await runReader(rest[0] ?? '');
else {
  await measureAll(Number(mode), rest.length > 0 ? rest.map(Number) : [10, 500, 5000]);
  process.exit(0);
}

/** The process that is measured: it looks, and on a line of standard input tells what its heap holds. */
async function runReader(kubeconfigFile: string): Promise<void> {
  const reader = createApiReader({ clock, scheduler });
  const look = () => reader.read(kubeconfigFile);
  while ((await look()) === null) await pause(500);
  process.stdout.write('ready\n');
  setInterval(() => void look(), LOOK_MS);
  for await (const _ of createInterface(process.stdin)) {
    globalThis.gc?.();
    const total = (await look())?.workload.pods.total ?? -1;
    process.stdout.write(`${JSON.stringify({ heapBytes: process.memoryUsage().heapUsed, total })}\n`);
  }
}

async function measureAll(seconds: number, sizes: readonly number[]): Promise<void> {
  await ensureKubeRig();
  const core = await openPlane('core', { nodes: 1 });
  const api = rawApi(core);
  try {
    await core.apply(namespaceOf(SHOP));
    let there = 0;
    for (const pods of sizes) {
      const more = Array.from({ length: pods - there }, (_, at) => podOnNode(`pod-${there + at}`));
      await api.postAll(`/api/v1/namespaces/${SHOP}/pods`, more);
      there = pods;
      await allRun(core, pods);
      await measure(core, api, pods, seconds);
    }
  } finally {
    api.close();
    await core.dispose();
  }
}

function podOnNode(name: string): object {
  const pod = barePodOf(SHOP, name) as { spec: object };
  return { ...pod, spec: { ...pod.spec, nodeName: 'core-1' } };
}

async function allRun(plane: Plane, pods: number): Promise<void> {
  for (;;) {
    const query = ['-n', SHOP, '--field-selector', 'status.phase=Running', '--no-headers', '-o', 'name'];
    const names = (await plane.kubectl('get', 'pods', ...query)).split('\n');
    if (names.length >= pods) return;
    await pause(2000);
  }
}

async function measure(plane: Plane, api: RawApi, pods: number, seconds: number): Promise<void> {
  const node = spawn(
    process.execPath,
    ['--expose-gc', process.argv[1] ?? '', 'reader', plane.kubeconfigFile],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const lines = createInterface(node.stdout)[Symbol.asyncIterator]();
  await lines.next();
  const args = ['--kubeconfig', plane.kubeconfigFile, 'get', 'pods', '-A', '-w'];
  const kubectl = spawn(programOf('kubectl'), args, { stdio: 'ignore' });
  // Lists are over, and what they left behind is collected.
  await pause(10_000);
  const quiet = await cpuOf([node, kubectl], () => pause(seconds * 1000));
  let changes = 0;
  const lively = await cpuOf([node, kubectl], async () => void (changes = await change(api, pods, seconds)));
  const per = (cpu: number): number => cpu / 1e6 / ((seconds * 1000) / LOOK_MS);
  report(
    'watch',
    `${pods} pods, CPU of a look while nothing happens`,
    per(quiet[0] ?? NaN),
    'ms',
    per(quiet[1] ?? NaN),
  );
  const perChange = (cpu: number): number => cpu / 1e6 / changes;
  report(
    'watch',
    `${pods} pods, CPU of a change`,
    perChange(lively[0] ?? NaN),
    'ms',
    perChange(lively[1] ?? NaN),
  );
  const [ours, theirs] = [node, kubectl].map((one) => pssMegabytes([one.pid ?? 0]));
  report('watch', `${pods} pods, PSS of the whole process`, ours ?? NaN, 'MB', theirs);
  node.stdin.write('heap\n');
  const { heapBytes, total } = JSON.parse((await lines.next()).value ?? '{}') as {
    heapBytes: number;
    total: number;
  };
  if (total !== pods) throw new Error(`the watch holds ${total} pods, not ${pods}`);
  report('watch', `${pods} pods, heap in use`, heapBytes / 1e6, 'MB');
  for (const one of [node, kubectl]) await ended(one);
}

/** Nanoseconds of CPU that each has used meanwhile. */
async function cpuOf(children: readonly ChildProcess[], meanwhile: () => Promise<void>): Promise<number[]> {
  const now = () => children.map(({ pid }) => usageOf([pid ?? 0]).cpuNanoseconds);
  const before = now();
  await meanwhile();
  return now().map((used, at) => used - (before[at] ?? 0));
}

/** How many there were. */
async function change(api: RawApi, pods: number, seconds: number): Promise<number> {
  const endMs = performance.now() + seconds * 1000;
  let nth = 0;
  for (; performance.now() < endMs; nth += 1) {
    const body = { metadata: { annotations: { nth: `${nth}` } } };
    await api.patch(`/api/v1/namespaces/${SHOP}/pods/pod-${nth % pods}`, body);
    await pause(1000 / CHANGES_PER_SECOND);
  }
  return nth;
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}
