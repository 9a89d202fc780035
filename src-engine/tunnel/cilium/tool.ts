import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import type { Logger } from '../../platform/log.ts';
import type { Tools } from '../../platform/tools.ts';
import { flagsIn, redacted } from '../submariner/subctl-output.ts';
import { helpArgs, lackOf, type MeshVerb } from './tool-args.ts';
import { doingIn, failureIn, statusIn, versionIn, type MeshStatus } from './tool-output.ts';

/** A version or a help text is there at once, or the tool hangs. */
const PROBE_MS = 10_000;
/** The agents are asked inside of their pods. */
const STATUS_MS = 20_000;

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly limitMs: number;
  readonly kubeconfigFile: string;
  /** Of the other Mac's cluster, for the words of a failure. */
  readonly apiUrl: string;
  child(pid: number): void;
  detail(text: string): void;
}

/** cilium, for verbs alone: what it changed is seen in the cluster. */
export interface MeshTool {
  isThere(): Promise<boolean>;
  /** Its path, when it can be told what the verb needs. `ciliumMissing`, `ciliumSilent`, `ciliumOld`, `ciliumNew`. */
  probe(verb: Exclude<MeshVerb, 'status'>): Promise<Result<string>>;
  run(path: string, args: readonly string[], options: RunOptions): Promise<Result<void>>;
  status(
    args: readonly string[],
    options: { readonly kubeconfigFile: string; readonly signal: AbortSignal },
  ): Promise<Result<MeshStatus>>;
}

export function openTool(tools: Tools, log: Logger): MeshTool {
  return {
    isThere: async () => (await tools.find('cilium')) !== null,
    probe: (verb) => probe(tools, verb),
    async run(path, args, { signal, limitMs, kubeconfigFile, apiUrl, child, detail }) {
      const { exitCode, stdout, stderr, failure } = await tools.run(path, args, {
        timeoutMs: limitMs,
        signal,
        // Standard input is closed: what asks a question gets none.
        env: { KUBECONFIG: kubeconfigFile },
        onSpawn: child,
        onStdoutLine: (line) => {
          const doing = doingIn(line);
          if (doing !== null) detail(doing);
        },
      });
      const said = `${stdout}\n${stderr}`;
      log.info(
        { tool: 'cilium', verb: args[1], exitCode, failure, said: redacted(said).slice(-8000) },
        'cilium ended',
      );
      if (exitCode === 0 && failure === null) return ok(undefined);
      return failure === 'missing' ? fail('ciliumMissing') : refused(failureIn(said, { apiUrl }));
    },
    async status(args, { kubeconfigFile, signal }) {
      const path = await tools.find('cilium');
      if (path === null) return fail('ciliumMissing');
      const { exitCode, stdout, stderr, failure } = await tools.run(path, args, {
        timeoutMs: STATUS_MS,
        graceMs: 0,
        signal,
        env: { KUBECONFIG: kubeconfigFile },
      });
      if (failure === 'missing') return fail('ciliumMissing');
      if (failure !== null) return fail('ciliumSilent', { seconds: STATUS_MS / 1000 });
      // Standard output holds a client key: nothing of it is logged.
      const status = exitCode === 0 ? statusIn(stdout) : null;
      return status === null ? refused(failureIn(stderr, { apiUrl: '-' })) : ok(status);
    },
  };
}

async function probe(tools: Tools, verb: Exclude<MeshVerb, 'status'>): Promise<Result<string>> {
  const path = await tools.find('cilium');
  if (path === null) return fail('ciliumMissing');
  const ask = (args: readonly string[]) => tools.run(path, args, { timeoutMs: PROBE_MS, graceMs: 0 });
  const [said, help] = await Promise.all([ask(['version', '--client']), ask(helpArgs(verb))]);
  if (said.failure === 'missing') return fail('ciliumMissing');
  if (said.failure !== null || help.failure !== null)
    return fail('ciliumSilent', { seconds: PROBE_MS / 1000 });
  const version = versionIn(said.stdout);
  if (version === null) return fail('toolFailed', { tool: 'cilium', detail: 'it does not say its version' });
  const lack = lackOf(verb, version, flagsIn(`${help.stdout}\n${help.stderr}`));
  return lack === null ? ok(path) : refused(lack);
}

const refused = ({ code, params }: Problem): Result<never> => fail(code, params);
