import { z } from 'zod';
import { admissionSchema, clusterSchema, clusterStateSchema, providerSchema } from '../world/clusters.ts';
import { podReportSchema } from '../pod-report.ts';
import { command } from './command.ts';

/** Without a name, the cluster of the setting `cluster.name`. As long as a name may be that somebody else gave. */
const name = z.string().max(63).optional();
const positionals = ['name'] as const;

export const clusterCommands = {
  'cluster.list': command({
    input: z.strictObject({}),
    output: z.object({
      clusters: z.array(clusterSchema),
      /** Made elsewhere, and not adopted. */
      others: z.array(
        z.object({
          name: z.string(),
          provider: providerSchema,
          nodes: z.number().int().min(0),
          state: clusterStateSchema,
        }),
      ),
    }),
    cli: { words: 'cluster list' },
    renderer: true,
  }),
  'cluster.create': command({
    input: z.strictObject({
      name,
      provider: providerSchema.optional(),
      nodes: z.number().int().min(1).max(3).optional(),
      image: z.string().max(300).optional(),
      /** A kind configuration file, absolute. */
      config: z.string().max(1024).optional(),
      /** Of kind: with networks and ports by which a tunnel can join it to the other Mac's. */
      tunnel: z.boolean().optional(),
      force: z.boolean().default(false),
    }),
    output: clusterSchema,
    cli: { words: 'cluster create', positionals },
    renderer: true,
  }),
  /** Takes in a cluster that was made elsewhere, with consent (`yes`). Nothing of it is changed, nor its kubeconfig. */
  'cluster.adopt': command({
    input: z.strictObject({
      /** kind's own rule; a name of dots alone would be a folder. */
      name: z
        .string()
        .min(1)
        .max(63)
        .regex(/^(?!\.+$)[a-z0-9.-]+$/),
      /** Whose it is, where several tools have one of that name. */
      provider: providerSchema.optional(),
      yes: z.boolean().default(false),
    }),
    output: clusterSchema,
    cli: { words: 'cluster adopt', positionals },
    renderer: true,
  }),
  'cluster.start': command({
    input: z.strictObject({
      name,
      /** Starts although the memory guard refuses. */
      force: z.boolean().default(false),
    }),
    output: clusterSchema,
    cli: { words: 'cluster start', positionals },
    renderer: true,
  }),
  'cluster.stop': command({
    input: z.strictObject({ name }),
    output: clusterSchema,
    cli: { words: 'cluster stop', positionals },
    renderer: true,
  }),
  'cluster.delete': command({
    input: z.strictObject({ name, yes: z.boolean().default(false) }),
    output: clusterSchema,
    cli: { words: 'cluster delete', positionals },
    renderer: true,
  }),
  'cluster.drain': command({
    input: z.strictObject({ name }),
    output: clusterSchema,
    cli: { words: 'cluster drain', positionals },
  }),
  /** Ends the running operation and leaves nothing of it running. */
  'cluster.cancel': command({
    input: z.strictObject({ name }),
    output: clusterSchema,
    cli: { words: 'cluster cancel', positionals },
    renderer: true,
  }),
  /** What the memory guard would say to a start now. */
  'cluster.admission': command({
    input: z.strictObject({ name }),
    output: admissionSchema,
    cli: { words: 'cluster admission', positionals },
    renderer: true,
  }),
  /** Credentials: not for the renderer, which has `shell.copyKubeconfig`. */
  'cluster.kubeconfig': command({
    input: z.strictObject({ name }),
    output: z.object({ kubeconfig: z.string() }),
    cli: { words: 'cluster kubeconfig', positionals },
  }),
  /** What a pod of the cluster's own system says that fails now: its events, and the last lines of its log. Of no other pod. */
  'cluster.logs': command({
    input: z.strictObject({
      name,
      /** `NAMESPACE/NAME`; without it the worst one. */
      pod: z.string().max(320).optional(),
    }),
    output: podReportSchema,
    cli: { words: 'cluster logs', positionals: ['name', 'pod'] },
    renderer: true,
  }),
};
