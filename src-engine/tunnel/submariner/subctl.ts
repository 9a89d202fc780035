import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { Problem } from '../../../src-shared/world/traffic.ts';
import { makePrivateFolder } from '../../platform/files.ts';
import type { Logger } from '../../platform/log.ts';
import type { Tools } from '../../platform/tools.ts';
import { lackOf, tooOld, type SubctlVerb } from './subctl-args.ts';
import { doingIn, failureIn, flagsIn, redacted, versionIn } from './subctl-output.ts';

/** A version or a help text is there at once, or the tool hangs. */
const PROBE_MS = 10_000;

/** What is installed, and which flags the verb takes that it was asked for. */
export interface Probed {
  readonly path: string;
  /** `v0.22.2`, or a word such as `devel`. */
  readonly version: string;
  readonly flags: ReadonlySet<string>;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly limitMs: number;
  readonly kubeconfigFile: string;
  /** For its failures' words. */
  readonly known: { readonly clusterId: string; readonly broker: string };
  child(pid: number): void;
  detail(text: string): void;
}

/** subctl, for verbs alone: state is read from the cluster, since it has no output for machines. */
export interface Subctl {
  /** `subctlMissing`, `subctlSilent`, `subctlOld`, `subctlNew`. */
  probe(verb: SubctlVerb): Promise<Result<Probed>>;
  /** Exit 0 says little: what is then seen in the cluster counts. */
  run(probed: Probed, args: readonly string[], options: RunOptions): Promise<Result<void>>;
}

/** @param workFolder private, and where it writes what it writes: always the same name, into where it stands */
export function openSubctl(tools: Tools, workFolder: string, log: Logger): Subctl {
  return {
    probe: (verb) => probe(tools, verb),
    async run({ path }, args, { signal, limitMs, kubeconfigFile, known, child, detail }) {
      await makePrivateFolder(workFolder);
      const { exitCode, stdout, stderr, failure } = await tools.run(path, args, {
        timeoutMs: limitMs,
        signal,
        cwd: workFolder,
        // Standard input is closed: what asks a question gets none.
        env: { KUBECONFIG: kubeconfigFile },
        onSpawn: child,
        onStderrLine: (line) => {
          const doing = doingIn(line);
          if (doing !== null) detail(doing);
        },
      });
      const said = redacted(`${stdout}\n${stderr}`).slice(-8000);
      log.info({ tool: 'subctl', verb: args[0], exitCode, failure, said }, 'subctl ended');
      if (exitCode === 0 && failure === null) return ok(undefined);
      if (failure === 'missing') return fail('subctlMissing');
      return refused(failureIn(stderr, known));
    },
  };
}

async function probe(tools: Tools, verb: SubctlVerb): Promise<Result<Probed>> {
  const path = await tools.find('subctl');
  if (path === null) return fail('subctlMissing');
  const ask = (args: readonly string[]) => tools.run(path, args, { timeoutMs: PROBE_MS, graceMs: 0 });
  const [said, help] = await Promise.all([ask(['version']), ask([verb, '--help'])]);
  if (said.failure === 'missing') return fail('subctlMissing');
  if (said.failure !== null || help.failure !== null)
    return fail('subctlSilent', { seconds: PROBE_MS / 1000 });
  const version = versionIn(said.stdout);
  if (version === null) return fail('toolFailed', { tool: 'subctl', detail: 'it does not say its version' });
  const flags = flagsIn(`${help.stdout}\n${help.stderr}`);
  const lack = tooOld(version) ?? lackOf(verb, version, flags);
  return lack === null ? ok({ path, version, flags }) : refused(lack);
}

export const refused = ({ code, params }: Problem): Result<never> => fail(code, params);
