/** Steps of a start by minikube's own names (research/cluster-tools.md, 4), in the order in which they come. */
const registered: readonly (readonly [name: string, part: string])[] = [
  ['Initial Minikube Setup', 'mkSetup'],
  ['Selecting Driver', 'mkDriver'],
  ['Downloading Artifacts', 'mkDownload'],
  ['Starting Node', 'mkNode'],
  ['Pulling Base Image', 'ensureImage'],
  ['Creating Container', 'mkMachine'],
  ['Creating VM', 'mkMachine'],
  ['Preparing Kubernetes', 'mkPrepare'],
  ['Generating certificates', 'mkCertificates'],
  ['Booting control plane', 'startControlPlane'],
  ['Configuring RBAC rules', 'mkRbac'],
  ['Configuring CNI', 'installCni'],
  ['Verifying Kubernetes', 'mkVerify'],
  ['Enabling Addons', 'mkAddons'],
];

/** What the start of a cluster that is there passes over. */
const ofCreate: readonly string[] = [
  'mkDownload',
  'ensureImage',
  'mkMachine',
  'mkCertificates',
  'startControlPlane',
  'mkRbac',
];

/** The parts that people see of a start, in order. */
export function startParts(verb: 'create' | 'start', nodes: number): string[] {
  const all = [...new Set(registered.map(([, part]) => part))];
  const these = verb === 'create' ? all : all.filter((part) => !ofCreate.includes(part));
  return nodes > 1 ? [...these, 'joinWorkers'] : these;
}

/**
 * Where a start has come to after a step of that name. It goes on only: the steps of a second node have the names of the
 * first one's, detours have names of others' verbs, and numbers skip.
 *
 * @param at null: nothing was begun
 */
export function partReached(parts: readonly string[], at: string | null, name: string): string | null {
  const known = registered.find(([registeredName]) => registeredName === name)?.[1] ?? null;
  const node = parts.indexOf('mkNode');
  const isNextNode = known === 'mkNode' && at !== null && parts.indexOf(at) > node;
  const part = isNextNode ? 'joinWorkers' : known;
  if (part === null || !parts.includes(part)) return at;
  return at === null || parts.indexOf(part) > parts.indexOf(at) ? part : at;
}
