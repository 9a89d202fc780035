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

/** The image that kind is after, of its first step's line: a pull is silent otherwise. */
export function imageNamed(line: string): string | null {
  return /^\s*•\s+Ensuring node image \(([^)]+)\)/.exec(line)?.[1] ?? null;
}
