import { z } from 'zod';
import { providerSchema } from './world/clusters.ts';
import { roleSchema } from './world/role.ts';

/**
 * The schema of engine.json: defaults, ranges and meaning. Every number of design/limits.md that a
 * person may change is here. The settings page and `tandem settings` draw themselves from it: a
 * setting's label is `setting.KEY` in language/. Unknown keys are kept as they are.
 */

const whole = (min: number, max: number, fallback: number) =>
  z.number().int().min(min).max(max).default(fallback);
const number = (min: number, max: number, fallback: number) => z.number().min(min).max(max).default(fallback);
const group = <Shape extends z.ZodRawShape>(shape: Shape) => z.looseObject(shape).prefault({} as never);

const seconds = (fallback: number) => whole(0, 3600, fallback);

export const stageLimitsSchema = group({
  battery: group({
    warnPercent: whole(2, 100, 35),
    warnSeconds: seconds(30),
    drainPercent: whole(1, 99, 25),
    drainSeconds: seconds(15),
    stopPercent: whole(0, 98, 15),
    stopSeconds: seconds(15),
    /** Warn ends at this percentage, or on AC. */
    clearPercent: whole(2, 100, 40),
    /** Drain and stop end after `releaseSeconds` of AC at or above this percentage. */
    releasePercent: whole(2, 100, 35),
    releaseSeconds: seconds(60),
    unknownSeconds: seconds(300),
  }),
  minutes: group({
    warn: number(1, 600, 45),
    drain: number(1, 300, 20),
    stop: number(0, 120, 5),
  }),
  memory: group({
    warnSeconds: seconds(30),
    drainSeconds: seconds(15),
    /** Level 2 with rising swap for this long is drain, on the edge. */
    drainAtWarnSeconds: seconds(300),
    stopSeconds: seconds(60),
    clearSeconds: seconds(120),
    swapMegabytesPerMinute: number(1, 10_000, 100),
    swapSeconds: seconds(180),
    linuxWarnPercent: number(1, 90, 15),
    linuxDrainPercent: number(1, 80, 8),
    linuxStopPercent: number(0, 70, 4),
    linuxStallPercent: number(1, 100, 10),
  }),
  thermal: group({
    warnSeconds: seconds(120),
    warnSecondsFanless: seconds(600),
    drainSeconds: seconds(30),
    stopSeconds: seconds(300),
    clearSeconds: seconds(120),
  }),
});
export type StageLimits = z.infer<typeof stageLimitsSchema>;

/** Departure and return (design/limits.md, Hand-off). */
export const handoffLimitsSchema = group({
  /** Absolute: the whole departure, 113 s of steps and a reserve. */
  deadlineSeconds: whole(10, 120, 120),
  /** Before an automatic departure of stage drain. */
  countdownSeconds: seconds(60),
  delayMinutes: whole(1, 120, 10),
  /** Nothing new on the edge for this long, and nothing in flight. */
  drainQuietSeconds: whole(1, 60, 5),
  drainMinSeconds: whole(1, 120, 10),
  /** What is still open then is cut, counted and named. */
  drainMaxSeconds: whole(5, 300, 45),
  releaseSeconds: whole(5, 120, 30),
  /** From OFFLINE or LOST to the earliest return by itself; at most so long when it doubles. */
  coolDownSeconds: seconds(300),
  coolDownMaxSeconds: whole(0, 86_400, 3600),
  /** So many departures in so many minutes double the cool-down and hold. */
  flapDepartures: whole(2, 20, 3),
  flapMinutes: whole(5, 1440, 60),
  /** An edge whose agent is silent for so long while its traffic answers is held. */
  silentSeconds: whole(10, 600, 30),
  return: group({
    firstPercent: whole(1, 50, 10),
    firstSeconds: seconds(60),
    firstRequests: whole(20, 10_000, 100),
    secondPercent: whole(2, 99, 50),
    secondSeconds: seconds(120),
    secondRequests: whole(20, 10_000, 500),
    /** A pair that has never departed. */
    admissionFirstSeconds: seconds(10),
    admissionSecondSeconds: seconds(20),
    /** A window passes with so many answers good, and a p95 of at most ratio times the core's, or so much more. */
    successPercent: number(90, 100, 99.9),
    slowerRatio: number(1, 10, 1.5),
    slowerMs: whole(0, 5000, 50),
  }),
});
export type HandoffLimits = z.infer<typeof handoffLimitsSchema>;

export const settingsSchema = z
  .looseObject({
    role: roleSchema.default('single'),
    language: z.enum(['auto', 'en', 'ko']).default('auto'),
    cluster: group({
      provider: z.enum([...providerSchema.options, 'auto']).default('auto'),
      name: z
        .string()
        .regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/)
        .default('tandem'),
      nodes: whole(1, 3, 1),
      image: z.string().max(300).default(''),
      hostPort: whole(1024, 65_535, 47_390),
      nodePort: whole(30_000, 32_767, 30_080),
      memoryMegabytes: whole(512, 262_144, 2048),
      /** What minikube makes a cluster in; one that is there keeps its own. */
      minikubeDriver: z.enum(['auto', 'docker', 'vfkit']).default('auto'),
      /** When nothing runs in the container runtime: its stop is never proposed, offered, or done when memory is at stage stop. */
      runtimeStop: z.enum(['never', 'offer', 'auto']).default('auto'),
    }),
    link: group({
      address: z.string().max(255).default(''),
      port: whole(1024, 65_535, 47_321),
      /** Detection (design/limits.md, Link). Milliseconds. */
      beatMs: whole(100, 1000, 250),
      beatOnBatteryMs: whole(100, 2000, 500),
      suspectMs: whole(500, 10_000, 1250),
      suspectOnBatteryMs: whole(500, 10_000, 1500),
      decideMs: whole(1000, 30_000, 2500),
      noticeSeconds: seconds(5),
      /** Announces itself by Bonjour, and looks for the other Mac there. */
      discovery: z.boolean().default(true),
    }),
    traffic: group({
      front: z.enum(['auto', 'haproxy', 'gateway-api', 'embedded']).default('auto'),
      listen: z.string().max(255).default('127.0.0.1:47380'),
      /** Empty: the address at which the link listens, port 47381. */
      gateListen: z.string().max(255).default(''),
      /** Empty: 127.0.0.1 and `cluster.hostPort`. */
      upstream: z.string().max(255).default(''),
      healthPath: z
        .string()
        .regex(/^\/[\x21-\x7e]*$/)
        .max(255)
        .default('/'),
      /** In proportion to each other: see `sharesFrom`. */
      shares: group({ core: whole(0, 100, 20), edge: whole(0, 100, 80) }),
      /** With `front` gateway-api: `listen` is then where the Gateway answers, as this Mac reaches it. */
      gateway: group({
        /** `NAME` or `NAMESPACE/NAME` of the Gateway. Empty: the only one of the cluster. */
        name: z
          .string()
          .regex(/^([a-z0-9.-]{1,63}(\/[a-z0-9.-]{1,253})?)?$/)
          .default(''),
        /** Host that the route answers to. Empty: every one. */
        hostname: z
          .string()
          .regex(/^(\*\.)?[a-z0-9.-]*$/)
          .max(253)
          .default(''),
        /** This Mac takes the Gateway's requests for the core on this port, those for the edge on the next. */
        port: whole(1024, 65_534, 47_383),
        /** A request that got no whole answer by then is ended by the Gateway, where it can; 0: never. */
        timeoutSeconds: whole(0, 3600, 120),
      }),
    }),
    tunnel: group({
      /** `auto`: LAN mode until a tunnel is joined, and wherever none can work. */
      kind: z.enum(['auto', 'none', 'lan', 'submariner', 'cilium']).default('auto'),
      /** This Mac's cluster may answer clusterset names, by a block that is added to its DNS: asked once (decision 23). */
      names: z.boolean().default(false),
      /** Where the other Mac's relay calls. Empty: the address at which the link listens, port 47382 or any free one. */
      relayListen: z.string().max(255).default(''),
    }),
    automation: group({ enabled: z.boolean().default(true) }),
    stages: stageLimitsSchema,
    handoff: handoffLimitsSchema,
    notices: group({ enabled: z.boolean().default(true) }),
    tray: group({ showPercent: z.boolean().default(true) }),
    quit: group({ whenClusterRuns: z.enum(['ask', 'keep', 'stop']).default('ask') }),
  })
  .check((context) => {
    const { battery, minutes, memory } = context.value.stages;
    const { link, handoff, traffic } = context.value;
    const descending = (path: string[], ...values: number[]): void => {
      if (values.some((value, index) => index > 0 && value >= (values[index - 1] ?? Infinity)))
        context.issues.push({ code: 'custom', message: 'warn > drain > stop', path, input: values });
    };
    descending(['stages', 'battery'], battery.warnPercent, battery.drainPercent, battery.stopPercent);
    descending(['stages', 'minutes'], minutes.warn, minutes.drain, minutes.stop);
    descending(
      ['stages', 'memory'],
      memory.linuxWarnPercent,
      memory.linuxDrainPercent,
      memory.linuxStopPercent,
    );
    descending(['link', 'decideMs'], link.decideMs, link.suspectOnBatteryMs, link.beatOnBatteryMs);
    descending(['link', 'suspectMs'], link.decideMs, link.suspectMs, link.beatMs);
    const refuse = (message: string, path: string[], input: unknown): void =>
      void context.issues.push({ code: 'custom', message, path, input });
    const { drainQuietSeconds: quiet, drainMinSeconds: min, drainMaxSeconds: max } = handoff;
    if (quiet > min || min > max) refuse('quiet <= min <= max', ['handoff', 'drainMinSeconds'], min);
    if (handoff.coolDownMaxSeconds < handoff.coolDownSeconds)
      refuse('cool-down <= its maximum', ['handoff', 'coolDownMaxSeconds'], handoff.coolDownMaxSeconds);
    descending(
      ['handoff', 'return', 'secondPercent'],
      handoff.return.secondPercent,
      handoff.return.firstPercent,
    );
    if (traffic.shares.core + traffic.shares.edge === 0)
      refuse('one side has a share', ['traffic', 'shares', 'core'], 0);
    if (battery.clearPercent <= battery.warnPercent)
      context.issues.push({
        code: 'custom',
        message: 'clear > warn',
        path: ['stages', 'battery', 'clearPercent'],
        input: battery.clearPercent,
      });
    if (battery.releasePercent <= battery.drainPercent)
      context.issues.push({
        code: 'custom',
        message: 'release > drain',
        path: ['stages', 'battery', 'releasePercent'],
        input: battery.releasePercent,
      });
  });
export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = settingsSchema.parse({});

/**
 * The shares of `traffic.shares` as percent that make 100: they are set one at a time, and are taken in proportion.
 *
 * @param shares not both 0
 */
export function sharesFrom({ core, edge }: { readonly core: number; readonly edge: number }): {
  readonly core: number;
  readonly edge: number;
} {
  const percent = Math.round((100 * edge) / (core + edge));
  return { core: 100 - percent, edge: percent };
}

/** Dotted keys that take effect only when the engine starts again. None does today: every room reads settings anew. */
export const restartKeys: readonly string[] = [];

/** Reads a value by its dotted key; undefined when there is none. */
export function settingAt(settings: unknown, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>(
      (at, part) => (isRecord(at) && Object.hasOwn(at, part) ? at[part] : undefined),
      settings,
    );
}

/** A copy of `settings` with one dotted key set; groups on the way are made. */
export function withSetting(
  settings: Record<string, unknown>,
  key: string,
  value: unknown,
): Record<string, unknown> {
  const [head = '', ...rest] = key.split('.');
  const inner = settings[head];
  const next = rest.length === 0 ? value : withSetting(isRecord(inner) ? inner : {}, rest.join('.'), value);
  return { ...settings, [head]: next };
}

/** Every dotted key of the schema, in its order. */
export function settingKeys(value: unknown = defaultSettings, prefix = ''): string[] {
  if (!isRecord(value)) return [prefix];
  return Object.keys(value).flatMap((key) =>
    settingKeys(value[key], prefix === '' ? key : `${prefix}.${key}`),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
