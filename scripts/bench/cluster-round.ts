// One create, one stop and one start of the same cluster: by the app, and by the bare tools.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '../../src-demo/free-ports.ts';
import { kindConfig } from '../../src-engine/cluster/kind/kind-config.ts';
import type { KindLab } from '../../test/kind/kind-lab.ts';
import { deleteCluster, docker, tools, toolsEnv } from '../../test/kind/tools.ts';
import { openProofs, whenTrue } from './kind-outside.ts';
import { nowMs } from '../../test/rig/net/wire.ts';
import { pause } from './report.ts';

const run = promisify(execFile);
const START_LIMIT_MS = 5 * 60_000;
/** Docker's own default, in seconds, which is also ours. */
const GRACE = '10';

export const OURS = 'ours';
export const BARE = 'bare';

/** Milliseconds from the start command. */
export interface Start {
  /** A Service answers by name from a pod. */
  readonly workingMs: number;
  /** The three proofs of life hold. */
  readonly provenMs: number;
  /** The engine says "running"; of the bare tools, their exit. */
  readonly saidMs: number;
}

/** The same cluster by kind alone, until its nodes are ready; gone again. */
export async function createBare(folder: string, nodes: number): Promise<number> {
  const [hostPort = 0] = await freePorts(1);
  const config = join(folder, 'bare.yaml');
  const record = {
    name: BARE,
    provider: 'kind',
    createdAt: '',
    image: '',
    config: '',
    tunnel: null,
  } as const;
  writeFileSync(config, kindConfig({ ...record, nodes, hostPort, nodePort: 30080 }));
  const given = ['--name', BARE, '--config', config, '--image', tools.nodeImage, '--wait', '5m'];
  const env = { ...process.env, ...toolsEnv, KUBECONFIG: join(folder, 'bare.kubeconfig') };
  const tookMs = await timed(() => run(tools.kind, ['create', 'cluster', ...given], { env }));
  await deleteCluster(BARE);
  return tookMs;
}

export const createOurs = (lab: KindLab, nodes: number): Promise<number> =>
  timed(() => tandem(lab, ...lab.create(OURS, '--nodes', `${nodes}`)));

export async function roundOurs(lab: KindLab, nodes: number): Promise<{ stopMs: number; start: Start }> {
  const stopMs = await timed(() => tandem(lab, 'cluster', 'stop', OURS));
  const watch = await lab.watch();
  const fromMs = performance.now();
  const isRunning = watch
    .see('running', nowMs(), START_LIMIT_MS, ({ world }) =>
      world.clusters.some(({ name, state }) => name === OURS && state === 'running'),
    )
    .then(() => performance.now());
  const starting = tandem(lab, 'cluster', 'start', OURS);
  const [seen, saidMs] = await Promise.all([seenFromOutside(lab, nodes), isRunning, starting]);
  return { stopMs, start: since(fromMs, { ...seen, saidMs }) };
}

/** Without an engine: it would watch, and help nobody. */
export async function roundBare(lab: KindLab, nodes: number): Promise<{ stopMs: number; start: Start }> {
  await lab.rig.kill('SIGTERM');
  const names = nodeNames(nodes);
  const stopMs = await timed(() => docker('stop', '-t', GRACE, ...names));
  const fromMs = performance.now();
  await docker('start', ...names);
  const saidMs = performance.now();
  const seen = await seenFromOutside(lab, nodes);
  await lab.rig.startEngine();
  return { stopMs, start: since(fromMs, { ...seen, saidMs }) };
}

/** When it worked and when it was proven, on the clock of `performance.now()`. */
async function seenFromOutside(lab: KindLab, nodes: number) {
  // The node's own time of start, not that of the run before.
  await pause(1000);
  const proofs = await openProofs(join(lab.rig.home, 'clusters/kind', `${OURS}.kubeconfig`), nodes);
  const node = nodeNames(1)[0] ?? '';
  const isProven = async (): Promise<boolean> =>
    proofs(new Date(await docker('inspect', '-f', '{{.State.StartedAt}}', node)));
  const [workingMs, provenMs] = await Promise.all([
    whenTrue(lab.answersByName, START_LIMIT_MS),
    whenTrue(isProven, START_LIMIT_MS),
  ]);
  return { workingMs: workingMs ?? NaN, provenMs: provenMs ?? NaN };
}

const since = (fromMs: number, { workingMs, provenMs, saidMs }: Start): Start => ({
  workingMs: workingMs - fromMs,
  provenMs: provenMs - fromMs,
  saidMs: saidMs - fromMs,
});

const nodeNames = (count: number): string[] =>
  ['control-plane', 'worker', 'worker2'].slice(0, count).map((role) => `${OURS}-${role}`);

export async function tandem(lab: KindLab, ...words: string[]): Promise<void> {
  const { code, stderr } = await lab.rig.tandem(...words, '--json');
  if (code !== 0) throw new Error(`tandem ${words.join(' ')}: exit ${code}: ${stderr}`);
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const fromMs = performance.now();
  await act();
  return performance.now() - fromMs;
}
