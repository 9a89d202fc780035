import { z } from 'zod';

/** The little that is read of the Docker Engine API's answers, in our own words. */
export interface Container {
  readonly id: string;
  readonly createdAt: Date;
  readonly name: string;
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
}

export const containersSchema = z
  .array(
    z.object({
      Id: z.string(),
      /** Seconds. */
      Created: z.number(),
      Names: z.array(z.string()),
      State: z.string(),
      Labels: z.record(z.string(), z.string()).nullish(),
    }),
  )
  .transform((containers): Container[] =>
    containers.map(({ Id, Created, Names, State, Labels }) => ({
      id: Id,
      createdAt: new Date(Created * 1000),
      name: nameIn(Names),
      state: State,
      labels: Labels ?? {},
    })),
  );

/** A port of this machine that stands, or is to stand, for one of a container. */
export interface HostPort {
  /** Empty, `0.0.0.0` or `::`: every address. */
  readonly host: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}
export interface Publisher extends HostPort {
  readonly container: string;
}

export const publishersSchema = z
  .array(
    z.object({
      Names: z.array(z.string()),
      Ports: z
        .array(z.object({ IP: z.string().optional(), PublicPort: z.number().optional(), Type: z.string() }))
        .nullish(),
    }),
  )
  .transform((containers): Publisher[] =>
    containers.flatMap(({ Names, Ports }) =>
      (Ports ?? []).flatMap(({ IP, PublicPort, Type }) =>
        PublicPort === undefined
          ? []
          : [{ container: nameIn(Names), host: IP ?? '', port: PublicPort, protocol: protocolOf(Type) }],
      ),
    ),
  );

export interface ContainerDetail {
  readonly startedAt: Date;
  /** Address on the first network; empty when it has none now. */
  readonly address: string;
  readonly image: string;
  readonly exitCode: number;
  /** `PORT/PROTOCOL` inside, with where it is, or will be, published. */
  readonly bindings: readonly (HostPort & { readonly inside: string })[];
}

export const detailSchema = z
  .object({
    State: z.object({ StartedAt: z.string(), ExitCode: z.number().nullish() }),
    Config: z.object({ Image: z.string().nullish() }).nullish(),
    HostConfig: z
      .object({
        PortBindings: z
          .record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.string() })).nullable())
          .nullish(),
      })
      .nullish(),
    NetworkSettings: z.object({ Networks: z.record(z.string(), z.object({ IPAddress: z.string() })) }),
  })
  .transform(({ State, Config, HostConfig, NetworkSettings }): ContainerDetail => ({
    startedAt: new Date(State.StartedAt),
    address: Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '',
    image: Config?.Image ?? '',
    exitCode: State.ExitCode ?? 0,
    bindings: Object.entries(HostConfig?.PortBindings ?? {}).flatMap(([inside, bound]) =>
      (bound ?? []).map(({ HostIp, HostPort }) => ({
        inside,
        host: HostIp,
        port: Number(HostPort),
        protocol: protocolOf(inside.split('/')[1] ?? 'tcp'),
      })),
    ),
  }));

/** What the daemon says of itself. */
export interface DockerInfo {
  /** Tells one daemon from another; empty when it does not say. */
  readonly id: string;
  /** Its own clock, which in a VM is not this machine's; null when it does not say. */
  readonly now: Date | null;
  /** Where its images and volumes are, on its own machine. */
  readonly rootFolder: string;
  /** A daemon on this very machine, not one in a VM of it. */
  readonly isLocal: boolean;
}

/** @param hostName of this machine: a daemon that runs on it has the same */
export const infoSchema = (hostName: string) =>
  z
    .object({
      ID: z.string().nullish(),
      SystemTime: z.string().nullish(),
      DockerRootDir: z.string().nullish(),
      Name: z.string().nullish(),
    })
    .transform(({ ID, SystemTime, DockerRootDir, Name }): DockerInfo => ({
      id: ID ?? '',
      now: timeIn(SystemTime ?? ''),
      rootFolder: DockerRootDir ?? '',
      isLocal: Name === hostName,
    }));

export const networkSchema = z.object({ Labels: z.record(z.string(), z.string()).nullish() });

const timeIn = (text: string): Date | null => (Number.isNaN(Date.parse(text)) ? null : new Date(text));

const nameIn = (names: readonly string[]): string => (names[0] ?? '').replace(/^\//, '');

const protocolOf = (word: string): 'tcp' | 'udp' => (word === 'udp' ? 'udp' : 'tcp');
