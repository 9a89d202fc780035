import type { KubeConfig } from '@kubernetes/client-node';

/** The kubeconfig with its current context alone, all of it named `name`, and another server when one is given. Null: unreadable. */
export async function privateKubeconfig(
  kubeconfig: string,
  { name, server }: { readonly name: string; readonly server: string | null },
): Promise<{ text: string; context: string; authority: string } | null> {
  const { KubeConfig: Config } = await import('@kubernetes/client-node');
  const config: KubeConfig = new Config();
  try {
    config.loadFromString(kubeconfig);
    const cluster = config.getCurrentCluster();
    const user = config.getCurrentUser();
    if (cluster === null || user === null) return null;
    const only: KubeConfig = new Config();
    only.loadFromOptions({
      clusters: [{ ...cluster, name, server: server ?? cluster.server }],
      users: [{ ...user, name }],
      contexts: [{ cluster: name, user: name, name }],
      currentContext: name,
    });
    return { text: only.exportConfig(), context: name, authority: cluster.caData ?? '' };
  } catch {
    return null;
  }
}
