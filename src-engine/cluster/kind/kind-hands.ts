import type { Logger } from '../../platform/log.ts';
import type { Tools } from '../../platform/tools.ts';
import type { HostPort } from '../docker/docker-shapes.ts';
import type { BindTrouble } from '../port-probe.ts';
import type { StartHelp } from '../start-help.ts';
import type { DrainHands } from './kind-drain.ts';

/** All that a kind cluster is made, moved and looked at with. */
export interface KindHands extends DrainHands {
  readonly tools: Tools;
  readonly log: Logger;
  /** @param kubeconfigFile of the cluster that starts */
  help(kubeconfigFile: string): StartHelp;
  /** A YAML text as values; `undefined` when it is none. */
  readYaml(text: string): Promise<unknown>;
  /** Tries whether a port of this machine could be published now. */
  probePort(port: HostPort): Promise<BindTrouble>;
  /** Free bytes of the volume of this machine that holds that path; null when it cannot be told. */
  freeBytes(path: string): Promise<number | null>;
}
