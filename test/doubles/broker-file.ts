export interface BrokerFileParts {
  readonly url?: string;
  readonly token?: string;
  readonly authority?: string;
  readonly psk?: string;
  /** Of the keys: `large` is what every subctl of today writes. */
  readonly spelling?: 'large' | 'small';
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** broker-info.subm as subctl writes it: JSON with two whole Kubernetes secrets, in base64url with its padding. */
export function brokerFile({
  url = 'https://192.168.1.10:6443',
  token = 'a token of the broker administrator, which nobody may see',
  authority = '-----BEGIN CERTIFICATE-----\nof the broker\n-----END CERTIFICATE-----\n',
  psk = 'a pre-shared key of forty-eight bytes, for the tunnel',
  spelling = 'large',
}: BrokerFileParts = {}): string {
  const secret = (name: string, data: Record<string, string>) => ({ metadata: { name }, data });
  const client = secret('submariner-k8s-broker-admin-token', {
    'ca.crt': base64(authority),
    namespace: base64('submariner-k8s-broker'),
    token: base64(token),
  });
  const key = secret('submariner-ipsec-psk', { psk: base64(psk) });
  const named =
    spelling === 'large'
      ? { ClientToken: client, IPSecPSK: key, ServiceDiscovery: true, CustomDomains: null }
      : { clientToken: client, ipsecPSK: key, serviceDiscovery: true, customDomains: null };
  const text = JSON.stringify({
    brokerURL: url,
    ...named,
    Components: ['service-discovery', 'connectivity'],
  });
  return Buffer.from(text).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
