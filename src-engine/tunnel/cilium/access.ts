import { z } from 'zod';

/** A SECRET frame carries no more. */
export const LONGEST_ACCESS = 48 * 1024;

const base64 = z.string().regex(/^[A-Za-z0-9+/=\s]+$/);
/** Only what is plain data: a program, a file of this Mac or another proxy in it would be the other Mac's word carried out here. */
const accessSchema = z.object({
  clusters: z
    .array(
      z.object({
        cluster: z.object({
          server: z.url(),
          'certificate-authority-data': base64.optional(),
        }),
      }),
    )
    .length(1),
  users: z
    .array(
      z.object({
        user: z.strictObject({
          'client-certificate-data': base64.optional(),
          'client-key-data': base64.optional(),
          token: z.string().max(8192).optional(),
        }),
      }),
    )
    .length(1),
});

export interface PeerAccess {
  /** Cilium's name of its cluster. */
  readonly name: string;
  readonly text: string;
  /** Where it said that its API is. */
  readonly apiUrl: string;
}

/**
 * One kubeconfig with both clusters, each under Cilium's name of it: the tool calls clusters as their contexts are called.
 * Of the other Mac's only the server, its authority and plain credentials are taken, and the server is the one that it
 * named before.
 *
 * @param own this Mac's, with one context, already named
 * @returns null when the other's is not what it must be
 */
export function pairKubeconfig(
  own: { readonly name: string; readonly text: string },
  peer: PeerAccess,
): string | null {
  if (peer.text.length > LONGEST_ACCESS || own.name === peer.name) return null;
  const mine = parsed(own.text);
  const read = accessSchema.safeParse(parsed(peer.text));
  if (!read.success || typeof mine !== 'object' || mine === null) return null;
  const cluster = read.data.clusters[0]?.cluster;
  const user = read.data.users[0]?.user;
  if (cluster?.server !== peer.apiUrl || user === undefined) return null;
  const { name } = peer;
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [...listOf(mine, 'clusters'), { name, cluster }],
    users: [...listOf(mine, 'users'), { name, user }],
    contexts: [...listOf(mine, 'contexts'), { name, context: { cluster: name, user: name } }],
    'current-context': own.name,
  });
}

/** A kubeconfig that was exported is JSON, which is YAML too. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function listOf(config: object, key: string): readonly unknown[] {
  const list = (config as Readonly<Record<string, unknown>>)[key];
  return Array.isArray(list) ? (list as unknown[]) : [];
}
