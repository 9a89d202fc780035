import type { CoreV1Api } from '@kubernetes/client-node';
import type { Scheduler } from '../platform/clock.ts';
import { answered, type Answered } from './api-client.ts';
import { clientsOf, parseKubeconfig, type Clients } from './api-connection.ts';

/** What all hands on a cluster begin with. */
export interface PlainHands {
  /** Makes a client of another of its APIs. */
  readonly client: Clients;
  readonly core: CoreV1Api;
  /** Never throws, and waits no longer than a request may take. */
  ask<T>(request: Promise<T>): Promise<Answered<T>>;
  /** Of a patch: what is left out stays. */
  readonly asMerge: Parameters<CoreV1Api['patchNode']>[1];
}

/** Null when the kubeconfig cannot be read. client-node is loaded when it is needed. */
export async function openPlainHands(kubeconfig: string, scheduler: Scheduler): Promise<PlainHands | null> {
  const config = await parseKubeconfig(kubeconfig);
  if (config === null) return null;
  const { CoreV1Api: Core, PatchStrategy, setHeaderOptions } = await import('@kubernetes/client-node');
  const client = await clientsOf(config);
  return {
    client,
    core: client(Core),
    ask: (request) => answered(request, scheduler),
    asMerge: setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
  };
}
