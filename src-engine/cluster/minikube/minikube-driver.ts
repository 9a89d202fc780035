import type { Need } from '../runtime/runtime-first.ts';

/** What a cluster of minikube's stands in. `null`: minikube chooses by itself. */
export type Driver = 'docker' | 'vfkit' | null;
export type DriverSetting = 'auto' | 'docker' | 'vfkit';

export interface DriverFacts {
  /** Docker answers now. */
  readonly isDockerUp: boolean;
  readonly hasDocker: boolean;
  readonly hasVfkit: boolean;
}

/**
 * What a new cluster is made in: minikube's own order (docker highly preferred, vfkit preferred), but a Docker that would
 * have to be started first comes after a machine of its own. With nothing of both, minikube may know another.
 */
export function chooseDriver(
  setting: DriverSetting,
  { isDockerUp, hasDocker, hasVfkit }: DriverFacts,
): Driver {
  if (setting !== 'auto') return setting;
  if (isDockerUp && hasDocker) return 'docker';
  if (hasVfkit) return 'vfkit';
  return hasDocker ? 'docker' : null;
}

/** Whether a cluster with that driver stands in the container runtime. @param driver minikube's own word */
export const needOf = (driver: string | null): Need => (driver === 'docker' ? 'may' : 'no');
