import { z } from 'zod';

const namedSchema = <Shape extends z.ZodRawShape>(key: string, shape: Shape) =>
  z.looseObject({ name: z.string(), [key]: z.looseObject(shape) });
const kubeconfigSchema = z.looseObject({
  clusters: z.array(namedSchema('cluster', {})),
  users: z.array(namedSchema('user', {})),
  contexts: z.array(
    z.looseObject({ name: z.string(), context: z.looseObject({ cluster: z.string(), user: z.string() }) }),
  ),
  'current-context': z.string().nullish(),
});

/** Where a kubeconfig names a file, and the key that holds what is in it. */
const files: readonly (readonly [path: string, data: string])[] = [
  ['certificate-authority', 'certificate-authority-data'],
  ['client-certificate', 'client-certificate-data'],
  ['client-key', 'client-key-data'],
];

/**
 * A kubeconfig of one cluster that needs no other file: minikube names its certificates by their paths, unless it was told
 * otherwise when the cluster was made.
 *
 * @param config the kubeconfig's values
 * @param name of the context, and of what there will be
 * @param read a file, absolute; null when it cannot be read
 * @returns the text, as JSON, which every reader of kubeconfigs takes; null when there is no such cluster in it
 */
export async function standaloneKubeconfig(
  config: unknown,
  name: string,
  read: (path: string) => Promise<Buffer | null>,
): Promise<string | null> {
  const parsed = kubeconfigSchema.safeParse(config);
  if (!parsed.success) return null;
  const { clusters, users, contexts } = parsed.data;
  const context =
    contexts.find((each) => each.name === name) ??
    contexts.find((each) => each.name === parsed.data['current-context']);
  const cluster = clusters.find((each) => each.name === context?.context.cluster);
  const user = users.find((each) => each.name === context?.context.user);
  if (context === undefined || cluster === undefined || user === undefined) return null;
  const inlined = await Promise.all([
    withData(cluster['cluster'] as Values, read),
    withData(user['user'] as Values, read),
  ]);
  if (inlined[0] === null || inlined[1] === null) return null;
  return `${JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: inlined[0] }],
    users: [{ name, user: inlined[1] }],
    contexts: [{ name, context: { ...context.context, cluster: name, user: name } }],
    'current-context': name,
  })}\n`;
}

type Values = Readonly<Record<string, unknown>>;

async function withData(
  values: Values,
  read: (path: string) => Promise<Buffer | null>,
): Promise<Values | null> {
  let all: Values = values;
  for (const [path, data] of files) {
    const { [path]: named, ...rest } = all;
    if (typeof named !== 'string' || named === '') continue;
    const content = await read(named);
    if (content === null) return null;
    all = { ...rest, [data]: content.toString('base64') };
  }
  return all;
}
