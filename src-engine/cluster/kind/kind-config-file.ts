import { z } from 'zod';
import { fail, ok, type Result } from '../../../src-shared/errors/result.ts';
import type { HostPort } from '../docker/docker-shapes.ts';

/** What a kind configuration will make, as far as it is checked before kind runs. */
export interface ConfigFacts {
  readonly nodes: number;
  /** Ports of this machine that its nodes want. Without those that kind chooses itself. */
  readonly ports: readonly HostPort[];
  /** Images that its nodes name. */
  readonly images: readonly string[];
}

const mappingSchema = z.looseObject({
  hostPort: z.number().int().optional(),
  listenAddress: z.string().optional(),
  protocol: z.string().optional(),
});
/** Loose: kind itself decodes strictly, and names what it does not know. */
const configSchema = z.looseObject({
  nodes: z
    .array(
      z.looseObject({
        role: z.string().optional(),
        image: z.string().optional(),
        extraPortMappings: z.array(mappingSchema).nullish(),
      }),
    )
    .nullish(),
  networking: z
    .looseObject({ apiServerAddress: z.string().optional(), apiServerPort: z.number().int().optional() })
    .nullish(),
});

const MAX_WORKERS = 2;

/**
 * One control plane and at most two workers (kind's with several control planes do not survive a restart), or
 * `configNodes`. No nodes at all: kind makes one control plane.
 *
 * @param yaml the file, parsed; `undefined` when it is no YAML
 */
export function configFacts(yaml: unknown, path: string): Result<ConfigFacts> {
  const read = configSchema.safeParse(yaml);
  if (!read.success) return fail('configUnreadable', { path });
  const { networking } = read.data;
  const given = read.data.nodes ?? [];
  const nodes = given.length === 0 ? [{ role: 'control-plane' }] : given;
  const workers = nodes.filter(({ role }) => role === 'worker').length;
  const controlPlanes = nodes.length - workers;
  if (controlPlanes !== 1 || workers > MAX_WORKERS) return fail('configNodes', { controlPlanes, workers });
  const mapped = given.flatMap(({ extraPortMappings }) =>
    (extraPortMappings ?? []).flatMap(({ hostPort = 0, listenAddress = '', protocol = 'TCP' }) =>
      portAt(listenAddress, hostPort, protocol.toUpperCase() === 'UDP' ? 'udp' : 'tcp'),
    ),
  );
  const api = portAt(networking?.apiServerAddress ?? '127.0.0.1', networking?.apiServerPort ?? 0, 'tcp');
  const images = given.flatMap(({ image = '' }) => (image === '' ? [] : [image]));
  return ok({ nodes: nodes.length, ports: [...api, ...mapped], images: [...new Set(images)] });
}

/** 0 and -1: kind or Docker chooses one that is free. */
const portAt = (host: string, port: number, protocol: HostPort['protocol']): HostPort[] =>
  port > 0 ? [{ host, port, protocol }] : [];
