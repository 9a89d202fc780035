import { fail, ok, type Result, type TandemError } from '../../../src-shared/errors/result.ts';
import type { ToolResult } from '../../platform/tools.ts';
import { refusal } from '../docker/docker-refusal.ts';

/** What kind was asked to do, as far as a sentence about its failure needs it. */
export interface KindAsked {
  readonly name: string;
  /** Empty: kind's own. */
  readonly image: string;
  /** Where its whole output stands; null when it is kept nowhere. */
  readonly log: string | null;
}

/** How kind ended. Everything it says of a failure is on standard error (recordings of kind, note 1). */
export type KindSaid = Pick<ToolResult, 'exitCode' | 'failure' | 'signal' | 'stderr'>;

/** A detail is one line of a tool's own words. */
const DETAIL_CHARACTERS = 300;

/** kind's own exit codes are 0 and 1; these are those of a shell that stands before it. */
const signals: Readonly<Record<string, string>> = { 130: 'SIGINT', 137: 'SIGKILL', 143: 'SIGTERM' };

/** Only the exit code tells success: a warning about cgroup v1 begins every output of some hosts (note 2). */
export function kindResult(asked: KindAsked, said: KindSaid): Result<void> {
  if (said.failure === 'missing') return fail('toolMissing', { tool: 'kind' });
  const signal = said.signal ?? signals[String(said.exitCode)];
  if (said.failure === 'killed' || signal !== undefined)
    return fail('toolKilled', { tool: 'kind', signal: signal ?? '?' });
  if (said.exitCode === 0) return ok(undefined);
  return { ok: false, error: kindFailure(asked, said.stderr) };
}

type Reader = (asked: KindAsked, stderr: string) => TandemError | null;

/** What kind's standard error says went wrong, by name: the first reader that knows it. */
export function kindFailure(asked: KindAsked, stderr: string): TandemError {
  for (const read of readers) {
    const error = read(asked, stderr);
    if (error !== null) return error;
  }
  return unnamed(asked, stderr);
}

const error = (code: TandemError['code'], params: TandemError['params'] = {}): TandemError => ({
  code,
  params,
});

/** In this order: a late failure of kubeadm has hundreds of lines, some of which speak of refused connections too. */
const readers: readonly Reader[] = [
  kubeadm,
  notBooted,
  byDocker,
  ofTheName,
  configuration,
  pulling,
  ofTheNodes,
  ofTheArguments,
];

/** The cause is the one line that begins with `error execution phase` (note 12). */
function kubeadm(asked: KindAsked, stderr: string): TandemError | null {
  const failed = /failed to (init|join) node with kubeadm: command "docker exec --privileged (\S+)/.exec(
    stderr,
  );
  if (failed === null) return null;
  const [, verb, node = ''] = failed;
  const cause = /^(?:error: )?(error execution phase .*)$/m.exec(stderr)?.[1] ?? kindsOwnLine(stderr);
  const params = { name: asked.name, node, detail: cut(cause), ...logOf(asked) };
  return error(verb === 'join' ? 'kubeadmJoinFailed' : 'kubeadmFailed', params);
}

function notBooted(asked: KindAsked, stderr: string): TandemError | null {
  if (!/could not find a (?:log )?line that matches/.test(stderr)) return null;
  return error('nodeNotBooted', { node: `${asked.name}-control-plane`, ...logOf(asked) });
}

/** What the daemon, or the way to it, refused; the same words stand in the answers of its API. */
function byDocker(_: KindAsked, stderr: string): TandemError | null {
  if (/"docker": executable file not found/.test(stderr)) return error('toolMissing', { tool: 'docker' });
  return refusal(stderr);
}

function ofTheName({ name }: KindAsked, stderr: string): TandemError | null {
  // Also what a killed create has left (note 6).
  if (stderr.includes('node(s) already exist for a cluster with the name'))
    return error('clusterExists', { name });
  if (stderr.includes('is not a valid cluster name')) return error('clusterNameInvalid', { name });
  const isGone = /no nodes found for cluster|could not locate any control plane nodes/.test(stderr);
  return isGone ? error('clusterAbsent', { name }) : null;
}

/** kind decodes strictly, and checks networks and roles before it begins anything. */
const CONFIGURATION =
  /unable to decode config|invalid (?:pod|service) subnet|must have at least one control-plane|invalid configuration|is not a valid node role|error reading file/;

function configuration(_: KindAsked, stderr: string): TandemError | null {
  if (!CONFIGURATION.test(stderr)) return null;
  const field = /^\s*(line \d+: .*)$/m.exec(stderr)?.[1];
  return error('configInvalid', { detail: cut(field ?? kindsOwnLine(stderr)) });
}

function pulling({ image }: KindAsked, stderr: string): TandemError | null {
  const local = /image: "([^"]+)" not present locally/.exec(stderr)?.[1];
  if (local !== undefined) return error('imageMissing', { image: local });
  const pulled = /failed to pull image "([^"]+)"/.exec(stderr)?.[1];
  return pulled === undefined ? null : pullFailure(pulled || image, stderr);
}

/** Not there, or not to be reached: what the registry said, or why there was nobody to say it. */
export function pullFailure(image: string, said: string): TandemError {
  const isNotThere =
    /manifest unknown|manifest for .* not found|pull access denied|repository does not exist|invalid reference format/;
  if (isNotThere.test(said)) return error('imageMissing', { image });
  return refusal(said) ?? error('pullFailed', { image, detail: cut(daemonLine(said) ?? lastLine(said)) });
}

/** Of a stopped cluster kind can read nothing: it looks inside the node (note 10). */
function ofTheNodes({ name }: KindAsked, stderr: string): TandemError | null {
  if (/Container \S+ is not running/.test(stderr))
    return error('clusterNotRunning', { name, state: 'stopped' });
  return null;
}

function ofTheArguments(_: KindAsked, stderr: string): TandemError | null {
  const unknown = /unknown (?:flag|shorthand flag|command).*/.exec(stderr)?.[0];
  return unknown === undefined ? null : error('toolOld', { tool: 'kind', detail: cut(unknown) });
}

function unnamed(asked: KindAsked, stderr: string): TandemError {
  const detail = cut(daemonLine(stderr) ?? kindsOwnLine(stderr));
  const logged = asked.log === null ? {} : { why: 'logged', log: asked.log };
  return error('toolFailed', { tool: 'kind', detail, ...logged });
}

const logOf = ({ log }: KindAsked) => ({ log: log ?? 'logs/cluster.log' });

const daemonLine = (text: string): string | null =>
  /Error response from daemon: (.*)/.exec(text)?.[1]?.trim() ?? null;

/** kind's own `ERROR:` line without the command that it quotes, or the last line that says anything. */
function kindsOwnLine(stderr: string): string {
  const own = /^ERROR: (.*)$/m.exec(stderr)?.[1];
  return (own ?? lastLine(stderr)).replace(/command ".*" failed with error: /, '');
}

function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.findLast((line) => line !== '') ?? 'it said nothing';
}

const cut = (text: string): string => text.trim().slice(0, DETAIL_CHARACTERS);
