const text = { type: 'string' };
const flag = { type: 'boolean' };
const texts = { type: 'array', items: text };
const words = { type: 'object', additionalProperties: text };
const object = (properties: Record<string, object>, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
});

/** Fields and what is required of them: as submariner.io/v1 of Submariner 0.21 and later has them. */
const endpoint = object(
  {
    backend: text,
    backend_config: words,
    cable_name: text,
    cluster_id: { ...text, minLength: 1, maxLength: 63 },
    healthCheckIP: text,
    healthCheckIPs: { ...texts, maxItems: 2 },
    hostname: text,
    nat_enabled: flag,
    private_ip: text,
    privateIPs: { ...texts, maxItems: 2 },
    public_ip: text,
    publicIPs: { ...texts, maxItems: 2 },
    subnets: texts,
  },
  ['backend', 'cable_name', 'cluster_id', 'hostname', 'nat_enabled', 'subnets'],
);
const connection = object(
  {
    endpoint,
    latencyRTT: object({ average: text, last: text, max: text, min: text, stdDev: text }, []),
    status: text,
    statusMessage: text,
    usingIP: text,
    usingNAT: flag,
  },
  ['endpoint', 'status', 'statusMessage'],
);
const gatewayStatus = object(
  {
    connections: { type: 'array', items: connection },
    haStatus: text,
    localEndpoint: endpoint,
    statusFailure: text,
    version: text,
  },
  ['connections', 'haStatus', 'localEndpoint', 'statusFailure', 'version'],
);
const cluster = object(
  {
    cluster_cidr: texts,
    cluster_id: { ...text, minLength: 1, maxLength: 63 },
    color_codes: texts,
    global_cidr: texts,
    service_cidr: texts,
  },
  ['cluster_cidr', 'cluster_id', 'global_cidr', 'service_cidr'],
);

const kind = (name: string, part: 'spec' | 'status', schema: object) => {
  const singular = name.toLowerCase();
  const plural = `${singular}s`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.submariner.io` },
    spec: {
      group: 'submariner.io',
      names: { kind: name, listKind: `${name}List`, plural, singular },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: object({ [part]: schema }, [part]) },
        },
      ],
    },
  };
};

/** Definitions of gateways, endpoints and clusters, as its operator installs them. */
export const submarinerKinds = () => [
  kind('Gateway', 'status', gatewayStatus),
  kind('Endpoint', 'spec', endpoint),
  kind('Cluster', 'spec', cluster),
];
