import { fail, type Result } from '../../../src-shared/errors/result.ts';
import { takenPort } from '../docker/docker-api.ts';

/** Steps of `kind create`, by the beginning of kind's own line (without a terminal: ` • TEXT  ...`). */
const parts: readonly (readonly [string, string])[] = [
  ['Ensuring node image', 'ensureImage'],
  ['Preparing nodes', 'prepareNodes'],
  ['Writing configuration', 'writeConfig'],
  ['Starting control-plane', 'startControlPlane'],
  ['Installing CNI', 'installCni'],
  ['Installing StorageClass', 'installStorage'],
  ['Joining worker nodes', 'joinWorkers'],
];

/** The steps that a create of so many nodes goes through. */
export function createParts(nodes: number): string[] {
  return parts.map(([, id]) => id).filter((id) => id !== 'joinWorkers' || nodes > 1);
}

/** Which step a line of kind's standard error begins; null for every other line. */
export function partBegun(line: string): string | null {
  const begun = /^\s*•\s+(.*)$/.exec(line)?.[1];
  if (begun === undefined) return null;
  return parts.find(([text]) => begun.startsWith(text))?.[1] ?? null;
}

/** What kind's standard error says went wrong, by name. The full text is in the log. */
export function kindFailure(name: string, image: string, stderr: string): Result<never> {
  if (stderr.includes('Cannot connect to the Docker daemon')) return fail('dockerDown');
  if (/"docker": executable file not found/.test(stderr)) return fail('toolMissing', { tool: 'docker' });
  if (stderr.includes('node(s) already exist for a cluster with the name'))
    return fail('clusterExists', { name });
  const port = takenPort(stderr);
  if (port !== null) return fail('portTaken', { port });
  const pulled = /failed to pull image "([^"]+)"/.exec(stderr)?.[1];
  if (pulled !== undefined) return fail('imageMissing', { image: pulled || image });
  if (/no space left on device/.test(stderr))
    return fail('diskFull', { path: 'the disk of the container runtime' });
  const kubeadm = /^.*(error execution phase .*)$/m.exec(stderr)?.[1];
  if (kubeadm !== undefined) return fail('kubeadmFailed', { detail: kubeadm.slice(0, 300) });
  const boot = /could not find a (?:log )?line that matches/.test(stderr);
  if (boot)
    return fail('nodeExited', { node: `${name}-control-plane`, detail: 'it did not boot within 30 s' });
  return fail('toolFailed', { tool: 'kind', detail: lastError(stderr) });
}

/** kind's own `ERROR:` line, or the last line that says anything. */
function lastError(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const error = lines.findLast((line) => line.startsWith('ERROR:')) ?? lines.at(-1) ?? 'it said nothing';
  return error.replace(/^ERROR:\s*/, '').slice(0, 300);
}
