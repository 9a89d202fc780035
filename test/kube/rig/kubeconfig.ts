import type { Pem } from './certificates.ts';

/** Text of a kubeconfig; JSON is YAML. Without a user nobody is named. */
export function kubeconfigFor(name: string, server: string, authority: string, user?: Pem): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const credentials =
    user === undefined
      ? {}
      : { 'client-certificate-data': base64(user.cert), 'client-key-data': base64(user.key) };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(authority) } }],
    users: [{ name, user: credentials }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
