import { Agent } from 'node:https';
import type { ApiConstructor, ApiType, KubeConfig, Middleware } from '@kubernetes/client-node';
import type { ApiTrouble } from './api-trouble.ts';
import { PARALLEL } from './in-parallel.ts';
import { ownCertificateTrouble } from './own-certificate.ts';

/** Whoever has asked has given up long before: only the socket is let go. */
const LET_GO_MS = 30_000;

/**
 * A kubeconfig as client-node has it, or what is wrong with it before anybody is asked. client-node is loaded here:
 * without a cluster it costs nothing.
 *
 * @param text of the kubeconfig; null: it is gone
 */
export async function readKubeconfig(text: string | null, now: Date): Promise<KubeConfig | ApiTrouble> {
  const config = text === null ? null : await parseKubeconfig(text);
  if (config === null) return 'noKubeconfig';
  return ownCertificateTrouble(config.getCurrentUser()?.certData, now) ?? config;
}

/** Null: it cannot be read, or leads nowhere. */
export async function parseKubeconfig(text: string): Promise<KubeConfig | null> {
  const { KubeConfig: Config } = await import('@kubernetes/client-node');
  const config: KubeConfig = new Config();
  try {
    config.loadFromString(text);
  } catch {
    return null;
  }
  return config.getCurrentCluster() === null ? null : config;
}

/** Makes a client of one of client-node's APIs. */
export type Clients = <T extends ApiType>(api: ApiConstructor<T>) => T;

/** Makes clients of one cluster that share their connections. @param config of a kubeconfig that was read */
export async function clientsOf(config: KubeConfig): Promise<Clients> {
  const { createConfiguration, ServerConfiguration } = await import('@kubernetes/client-node');
  const server = config.getCurrentCluster()?.server ?? '';
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    authMethods: { default: config },
    promiseMiddleware: [kept()],
  });
  return (Api) => new Api(configuration);
}

/**
 * client-node makes a connection anew for every request, with a TLS handshake that costs more than most answers, and
 * one to an API that says nothing is never let go.
 */
function kept(): Middleware {
  let shared: Agent | null = null;
  return {
    async pre(context) {
      const made = context.getAgent();
      // Not one of a proxy, which is a kind of its own.
      if (made instanceof Agent && made.constructor === Agent) {
        shared ??= new Agent({ ...made.options, keepAlive: true, maxSockets: PARALLEL });
        context.setAgent(shared);
      }
      context.setSignal(AbortSignal.timeout(LET_GO_MS));
      return context;
    },
    post: async (context) => context,
  };
}
