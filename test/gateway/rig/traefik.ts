import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { freePorts } from '../../../src-demo/free-ports.ts';

/** A Traefik outside of the cluster that carries out its Gateway. */
export interface Traefik {
  /** Of the Gateway's listener, on 127.0.0.1: an entry point serves a listener of the same port. */
  readonly port: number;
  /** The weight of a Service in the router that is in use now; null: there is none. */
  liveWeight(service: string): Promise<number | null>;
  close(): Promise<void>;
}

const factsSchema = z.object({ traefik: z.string() });
const servicesSchema = z.array(
  z.looseObject({
    weighted: z
      .looseObject({ services: z.array(z.object({ name: z.string(), weight: z.number().default(1) })) })
      .optional(),
  }),
);
const READY_MS = 60_000;
const POLL_MS = 50;
const ASK_MS = 2000;

/** Its path is what build.sh said. */
function programOf(): string {
  const facts = process.env['TANDEM_GATEWAY_RIG'];
  if (facts === undefined)
    throw new Error(
      'TANDEM_GATEWAY_RIG is not set: run this with "npm run test:gateway", which builds the rig first.',
    );
  return factsSchema.parse(JSON.parse(facts)).traefik;
}

export async function openTraefik(folder: string, kubeconfigFile: string): Promise<Traefik> {
  const [port = 0, own = 0] = await freePorts(2);
  const logFile = join(folder, 'traefik.log');
  const log = openSync(logFile, 'a');
  const { PATH, HOME } = process.env;
  // The environment of a pod would win over KUBECONFIG.
  const child = spawn(programOf(), flagsOf(port, own), {
    stdio: ['ignore', log, log],
    env: { PATH, HOME, KUBECONFIG: kubeconfigFile },
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const api = `http://127.0.0.1:${own}`;
  const until = Date.now() + READY_MS;
  while (!(await isReady(`${api}/ping`))) {
    if (child.exitCode !== null || Date.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`Traefik did not come up:\n${readFileSync(logFile, 'utf8').slice(-2000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return {
    port,
    liveWeight: async (service) => weightIn(await ask(`${api}/api/http/services`), service),
    async close() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function flagsOf(port: number, own: number): string[] {
  return [
    '--providers.kubernetesGateway=true',
    `--entryPoints.web.address=127.0.0.1:${port}`,
    `--entryPoints.traefik.address=127.0.0.1:${own}`,
    '--api.insecure=true',
    '--api.dashboard=false',
    '--ping=true',
    '--global.checkNewVersion=false',
    '--global.sendAnonymousUsage=false',
    '--log.level=INFO',
  ];
}

async function ask(url: string): Promise<string | null> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(ASK_MS) }).catch(() => null);
  return answer?.status === 200 ? answer.text() : null;
}

const isReady = async (url: string): Promise<boolean> => (await ask(url)) !== null;

function weightIn(text: string | null, service: string): number | null {
  const parsed = servicesSchema.safeParse(JSON.parse(text ?? 'null'));
  const all = (parsed.data ?? []).flatMap(({ weighted }) => weighted?.services ?? []);
  return all.find(({ name }) => name.includes(service))?.weight ?? null;
}
