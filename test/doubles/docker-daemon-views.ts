import type { Kept } from './docker-daemon.ts';

// How Docker's API tells of what the double keeps.

export const labelIn = (url: URL): string =>
  (JSON.parse(url.searchParams.get('filters') ?? '{}') as { label?: string[] }).label?.[0] ?? '';

export function listed(containers: ReadonlyMap<string, Kept>, url: URL) {
  const [key = '', value] = labelIn(url).split('=');
  return [...containers.values()]
    .filter(({ state }) => url.searchParams.get('all') === 'true' || state !== 'exited')
    .filter(({ labels }) => key === '' || (value === undefined ? key in labels : labels[key] === value))
    .map(({ id, createdAt, name, state, labels, bindings }) => ({
      Id: id,
      Created: Math.floor(createdAt.getTime() / 1000),
      Names: [`/${name}`],
      State: state,
      Labels: labels,
      Ports: Object.entries(bindings).flatMap(([inside, bound]) =>
        bound.map(({ HostIp, HostPort }) => ({
          IP: HostIp,
          PublicPort: Number(HostPort),
          Type: inside.split('/')[1],
        })),
      ),
    }));
}

export const detail = ({ startedAt, exitCode, image, bindings, address }: Kept) => ({
  State: { StartedAt: startedAt.toISOString(), ExitCode: exitCode },
  Config: { Image: image },
  HostConfig: { PortBindings: bindings },
  NetworkSettings: { Networks: { kind: { IPAddress: address } } },
});
