import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import type { KubeConfig } from '@kubernetes/client-node';

/** From when to when a certificate is valid; wall time, milliseconds. */
export interface Validity {
  readonly fromMs: number;
  readonly toMs: number;
}

const LIMIT_MS = 3000;

/** Of the API's certificate, and of the one in the kubeconfig. Null: the API does not show one. */
export async function certificateLook(kubeconfig: string): Promise<readonly Validity[] | null> {
  const { KubeConfig: Config } = await import('@kubernetes/client-node');
  const config: KubeConfig = new Config();
  try {
    config.loadFromString(kubeconfig);
  } catch {
    return null;
  }
  const server = config.getCurrentCluster()?.server ?? '';
  const url = URL.canParse(server) ? new URL(server) : null;
  if (url?.protocol !== 'https:') return null;
  const shown = await shownAt(url);
  if (shown === null) return null;
  const given = config.getCurrentUser()?.certData;
  const own = given === undefined ? null : validityOf(Buffer.from(given, 'base64'));
  return own === null ? [shown] : [shown, own];
}

/** Only looked at, and never trusted: nothing is sent. */
function shownAt({ hostname, port }: URL): Promise<Validity | null> {
  return new Promise((resolve) => {
    const host = hostname.replace(/^\[|\]$/g, '');
    const socket = connect({ host, port: Number(port || 443), rejectUnauthorized: false, timeout: LIMIT_MS });
    const end = (validity: Validity | null): void => {
      socket.destroy();
      resolve(validity);
    };
    socket.once('secureConnect', () => {
      const raw = socket.getPeerX509Certificate()?.raw;
      end(raw === undefined ? null : validityOf(raw));
    });
    socket.once('timeout', () => end(null));
    socket.once('error', () => end(null));
  });
}

/** PEM or DER; null of what is neither. */
function validityOf(certificate: Buffer): Validity | null {
  try {
    const { validFrom, validTo } = new X509Certificate(certificate);
    return { fromMs: Date.parse(validFrom), toMs: Date.parse(validTo) };
  } catch {
    return null;
  }
}
