import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { ClusterRecord, StepContext } from '../provider.ts';
import { kindResult } from './kind-failure.ts';
import type { KindHands } from './kind-hands.ts';

export interface KindRun {
  readonly signal: AbortSignal;
  readonly limitMs: number;
  readonly context?: Pick<StepContext, 'child'>;
  readonly input?: string;
  /** Each line of standard error, where kind says everything. */
  readonly onLine?: (line: string) => void;
  /** What it said is kept in a file of its own when it fails, and its error names the file. */
  readonly keepsLog?: true;
}

/**
 * Runs kind with a private kubeconfig: the person's own stays as it is, byte for byte.
 *
 * @returns what it wrote on standard output
 */
export async function runKind(
  hands: KindHands,
  record: Pick<ClusterRecord, 'name' | 'image'>,
  args: readonly string[],
  { signal, limitMs, context, input, onLine, keepsLog }: KindRun,
): Promise<Result<string>> {
  const path = await hands.tools.find('kind');
  if (path === null) return fail('toolMissing', { tool: 'kind' });
  const { name, image } = record;
  // A tail would do for kind itself; kubeadm's own log, which it passes on, grows with every retry.
  const lines: string[] = [];
  const said = await hands.tools.run(path, [...args, '--name', name], {
    timeoutMs: limitMs,
    signal,
    env: { KUBECONFIG: hands.files.kubeconfig(name), KIND_EXPERIMENTAL_PROVIDER: 'docker' },
    onStderrLine: (line) => {
      lines.push(line);
      onLine?.(line);
    },
    ...(input === undefined ? {} : { input }),
    ...(context === undefined ? {} : { onSpawn: context.child }),
  });
  const { exitCode, failure, stderr } = said;
  hands.log.info({ tool: 'kind', args, exitCode, failure, stderr }, 'kind ended');
  const whole = lines.join('\n');
  const log = keepsLog === true ? hands.files.logFile(name) : null;
  const result = kindResult({ name, image, log }, { ...said, stderr: whole === '' ? stderr : whole });
  if (result.ok) return ok(said.stdout);
  if (log !== null) await keepLog(hands, name, whole);
  return result;
}

/** A disk that is full must not hide why the create failed. */
async function keepLog({ files, log }: KindHands, name: string, text: string): Promise<void> {
  await files
    .keepLog(name, `${text}\n`)
    .catch((error: unknown) => log.warn({ error: String(error) }, 'no log'));
}

/** The kubeconfig of a cluster that runs, from inside its control plane, into the private file. */
export async function fetchKubeconfig(
  hands: KindHands,
  record: Pick<ClusterRecord, 'name' | 'image'>,
  signal: AbortSignal,
): Promise<Result<string>> {
  const told = await runKind(hands, record, ['get', 'kubeconfig'], { signal, limitMs: 10_000 });
  if (!told.ok) return told;
  await hands.files.saveKubeconfig(record.name, told.value);
  const text = await hands.files.kubeconfigText(record.name);
  return text === null ? fail('kubeconfigMissing', { name: record.name }) : ok(text);
}
