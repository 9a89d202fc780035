import type { Scheduler, Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { Tools } from '../../platform/tools.ts';
import type { DockerApi } from '../docker/docker-api.ts';
import type { HostPort } from '../docker/docker-shapes.ts';
import { kindMemory, type KindMemory } from '../kind/kind-memory.ts';
import type { PodMover } from '../pod-mover.ts';
import type { BindTrouble } from '../port-probe.ts';
import type { ApiReader } from '../readiness.ts';
import type { DriverSetting } from './minikube-driver.ts';
import type { MinikubeFiles } from './minikube-files.ts';

/** All that a minikube cluster is made, moved and looked at with. */
export interface MinikubeHands {
  readonly tools: Tools;
  readonly log: Logger;
  /** Sees and hears the nodes of the docker driver, at no process of minikube's. */
  readonly docker: DockerApi;
  readonly api: ApiReader;
  readonly pods: PodMover;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly files: MinikubeFiles;
  readonly memory: MinikubeMemory;
  /** A YAML text as values; `undefined` when it is none. */
  readYaml(text: string): Promise<unknown>;
  /** Tries whether a port of this machine could be published now. */
  probePort(port: HostPort): Promise<BindTrouble>;
  settings(): MinikubeSettings;
}

/** Of engine.json, `cluster`. */
export interface MinikubeSettings {
  readonly memoryMegabytes: number;
  readonly minikubeDriver: DriverSetting;
  /** For a cluster that publishes no NodePort. */
  readonly hostPort: number;
  readonly nodePort: number;
}

/** What is remembered of minikube's clusters while the engine runs. */
export interface MinikubeMemory extends KindMemory {
  /** When the machine of a VM's driver was booted, by its own clock; it costs a process to ask. */
  readonly bootedAt: Map<string, Date>;
}

export const minikubeMemory = (): MinikubeMemory => ({ ...kindMemory(), bootedAt: new Map() });
