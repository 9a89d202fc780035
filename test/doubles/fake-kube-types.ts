interface Metadata {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  [more: string]: unknown;
}
export interface KubeObject {
  metadata: Metadata;
  [more: string]: unknown;
}

/** A cluster that is only its API: objects by path, and what Submariner's own controllers would write. */
export interface FakeKube {
  readonly port: number;
  /** Of its certificate, PEM in base64; there is none. */
  readonly authority: string;
  kubeconfig(): string;
  /** By their path, such as `/apis/submariner.io/v1/namespaces/submariner-operator/gateways/NAME`. */
  readonly objects: Map<string, KubeObject>;
  put(path: string, object: Partial<KubeObject>): void;
  names(path: string): string[];
  /** Groups whose kinds are served, each with its versions. */
  readonly groups: Map<string, string[]>;
  /** The other cluster: they are connected while both have a gateway. */
  peer: FakeKube | null;
  /** What a gateway says of a connection: `connected`, `connecting`, `error`. */
  tunnel: string;
  /** Its gateways say nothing new. */
  silent: boolean;
  /** Nothing answers. */
  down: boolean;
  close(): Promise<void>;
}

export interface FakeKubeParts {
  readonly name?: string;
  readonly pods?: string;
  readonly services?: string;
  readonly workers?: number;
}
