/** A YAML text as values, by the library that reads kubeconfigs; `undefined` when it is none. */
export async function readYaml(text: string): Promise<unknown> {
  const { loadYaml } = await import('@kubernetes/client-node');
  try {
    return loadYaml<unknown>(text);
  } catch {
    return undefined;
  }
}
