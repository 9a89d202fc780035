import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { HostPort } from './docker/docker-shapes.ts';

/** Why nothing can be published there now: somebody has it, or the address is not of this machine. Null: it can. */
export type BindTrouble = 'taken' | 'foreign' | null;

/** Tries it, for a moment. A port that only root may have is not judged: the container runtime may be allowed. */
export function probePort({ host, port, protocol }: HostPort): Promise<BindTrouble> {
  const address = host === '' ? '0.0.0.0' : host;
  return protocol === 'udp' ? probeUdp(address, port) : probeTcp(address, port);
}

function probeTcp(host: string, port: number): Promise<BindTrouble> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve(troubleOf(error)));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(null)));
  });
}

function probeUdp(host: string, port: number): Promise<BindTrouble> {
  return new Promise((resolve) => {
    const probe = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    probe.once('error', (error) => {
      probe.close();
      resolve(troubleOf(error));
    });
    probe.bind({ address: host, port, exclusive: true }, () => probe.close(() => resolve(null)));
  });
}

function troubleOf(error: Error): BindTrouble {
  const code = 'code' in error ? error.code : undefined;
  return code === 'EADDRINUSE' ? 'taken' : code === 'EADDRNOTAVAIL' ? 'foreign' : null;
}
