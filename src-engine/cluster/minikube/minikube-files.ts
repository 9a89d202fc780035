import { readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makePrivateFolder, writePrivately } from '../../platform/files.ts';
import { jsonIn } from './json-in.ts';
import { profileOf, type Profile } from './minikube-profile.ts';

export interface MinikubePlaces {
  readonly clustersFolder: string;
  readonly logsFolder: string;
  /** minikube's own folder: profiles of the person's stand there, and may be adopted. */
  readonly minikubeHome: string;
}

/** Where minikube keeps everything (localpath.go). @param userHome of whoever runs it */
export function minikubeHome(env: Readonly<Record<string, string | undefined>>, userHome: string): string {
  const given = env['MINIKUBE_HOME'] || userHome;
  return basename(given) === '.minikube' ? given : join(given, '.minikube');
}

/** What this home keeps of a minikube cluster: its private kubeconfig, and the output of a run that failed. */
export function minikubeFiles({ clustersFolder, logsFolder, minikubeHome: home }: MinikubePlaces) {
  const folder = join(clustersFolder, 'minikube');
  const kubeconfig = (name: string): string => join(folder, `${name}.kubeconfig`);
  const dockerFile = (name: string): string => join(folder, `${name}.docker`);
  const logFile = (name: string): string => join(logsFolder, `minikube-${name}.log`);
  return {
    kubeconfig,
    logFile,
    /** Null when it has none here. */
    kubeconfigText: (name: string) => readFile(kubeconfig(name), 'utf8').catch(() => null),
    saveKubeconfig: (name: string, text: string) => writePrivately(kubeconfig(name), text),
    prepare: () => makePrivateFolder(folder),
    keepLog: (name: string, text: string) => writePrivately(logFile(name), text),
    /** Which Docker it was last seen in; empty when that is not known. */
    dockerOf: (name: string) => readFile(dockerFile(name), 'utf8').catch(() => ''),
    keepDocker: (name: string, id: string) => writePrivately(dockerFile(name), id),
    removeLog: (name: string) => rm(logFile(name), { force: true }),
    /** When its profile came to be; null when there is none, or the disk does not tell. */
    async madeAt(name: string): Promise<Date | null> {
      const seen = await stat(join(home, 'profiles', name)).catch(() => null);
      return seen === null || seen.birthtimeMs === 0 ? null : seen.birthtime;
    },
    /** Its profile as minikube has it on disk; null when there is none that can be read. */
    async profile(name: string): Promise<Profile | null> {
      const file = join(home, 'profiles', name, 'config.json');
      const text = await readFile(file, 'utf8').catch(() => null);
      return text === null ? null : profileOf(name, jsonIn(text));
    },
    /** All but the log: why a cluster never came to be outlives it. */
    async remove(name: string): Promise<void> {
      for (const file of [kubeconfig(name), `${kubeconfig(name)}.lock`, dockerFile(name)])
        await rm(file, { force: true });
    },
  };
}
export type MinikubeFiles = ReturnType<typeof minikubeFiles>;
