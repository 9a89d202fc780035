import { readFile } from 'node:fs/promises';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { ToolResult } from '../../platform/tools.ts';
import type { StepContext } from '../provider.ts';
import { parseEvent, type MinikubeEvent } from './minikube-events.ts';
import { minikubeResult } from './minikube-failure.ts';
import type { MinikubeHands } from './minikube-hands.ts';
import { standaloneKubeconfig } from './minikube-kubeconfig.ts';

export interface MinikubeRun {
  readonly signal: AbortSignal;
  readonly limitMs: number;
  readonly context?: Pick<StepContext, 'child'>;
  readonly onEvent?: (event: MinikubeEvent) => void;
  /** What it said is kept in a file of its own when it fails, and its error names the file. */
  readonly keepsLog?: true;
}

type Tooling = Pick<MinikubeHands, 'tools' | 'log' | 'files'>;

/**
 * Runs minikube with a private kubeconfig: the person's own stays as it is, byte for byte.
 *
 * @returns what it wrote on standard output
 */
export async function runMinikube(
  hands: Tooling,
  name: string,
  args: readonly string[],
  { signal, limitMs, context, onEvent, keepsLog }: MinikubeRun,
): Promise<Result<string>> {
  const path = await hands.tools.find('minikube');
  if (path === null) return fail('toolMissing', { tool: 'minikube' });
  await hands.files.prepare();
  const events: MinikubeEvent[] = [];
  const lines: string[] = [];
  const said = await hands.tools.run(path, args, {
    timeoutMs: limitMs,
    signal,
    env: environment(hands, name),
    onStdoutLine(line) {
      lines.push(line);
      const event = parseEvent(line);
      if (event === null) return;
      events.push(event);
      onEvent?.(event);
    },
    onStderrLine: (line) => void lines.push(line),
    ...(context === undefined ? {} : { onSpawn: context.child }),
  });
  const { exitCode, failure, stderr } = said;
  hands.log.info({ tool: 'minikube', args, exitCode, failure, stderr }, 'minikube ended');
  const text = lines.join('\n');
  const log = keepsLog === true ? hands.files.logFile(name) : 'logs/cluster.log';
  const result = minikubeResult({ name, log }, { ...said, events, text });
  if (result.ok) return ok(said.stdout);
  if (keepsLog === true) await keepLog(hands, name, text);
  return result;
}

/** A short question, whose exit code is no verdict; null: it could not be asked. */
export async function askMinikube(
  hands: Tooling,
  name: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<ToolResult | null> {
  const path = await hands.tools.find('minikube');
  if (path === null) return null;
  return hands.tools.run(path, args, { timeoutMs, env: environment(hands, name) });
}

/** No word about newer versions in between, and no kubeconfig but ours. */
const environment = ({ files }: Pick<MinikubeHands, 'files'>, name: string) => ({
  KUBECONFIG: files.kubeconfig(name),
  MINIKUBE_WANTUPDATENOTIFICATION: 'false',
});

/** A disk that is full must not hide why the start failed. */
async function keepLog({ files, log }: Tooling, name: string, text: string): Promise<void> {
  await files
    .keepLog(name, `${text}\n`)
    .catch((error: unknown) => log.warn({ error: String(error) }, 'no log'));
}

const LIMIT_MS = 15_000;

/**
 * The kubeconfig of a cluster that runs, whole and in the private file. minikube writes its address there anew: under the
 * docker driver each start has another port.
 */
export async function fetchKubeconfig(
  hands: Tooling & Pick<MinikubeHands, 'readYaml'>,
  name: string,
  signal: AbortSignal,
): Promise<Result<string>> {
  const run = { signal, limitMs: LIMIT_MS };
  const updated = await runMinikube(hands, name, ['update-context', '-p', name], run);
  return updated.ok ? keepKubeconfig(hands, name) : updated;
}

/** What minikube has written there, with its certificates inside. */
export async function keepKubeconfig(
  { files, readYaml }: Pick<MinikubeHands, 'files' | 'readYaml'>,
  name: string,
): Promise<Result<string>> {
  const written = await files.kubeconfigText(name);
  const values = written === null ? undefined : await readYaml(written);
  const whole = await standaloneKubeconfig(values, name, (path) => readFile(path).catch(() => null));
  if (whole === null) return fail('kubeconfigMissing', { name, why: 'minikube' });
  if (whole !== written) await files.saveKubeconfig(name, whole);
  return ok(whole);
}
