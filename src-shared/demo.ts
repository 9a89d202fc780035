import { z } from 'zod';

/** Words between the demo and its panel: what is said of the pair, what may be asked of its edge, and their picture. */

/** What a line of `--control` asks for. */
export type ControlAct =
  | { readonly act: 'battery'; readonly percent: number }
  | { readonly act: 'ac'; readonly on: boolean }
  | { readonly act: 'heat'; readonly level: number }
  | { readonly act: 'memory'; readonly percent: number }
  | { readonly act: 'lid'; readonly closed: boolean }
  | { readonly act: 'link'; readonly cut: boolean }
  | { readonly act: 'kill' };

/** Every line that there is, as it is written (design/interface.md, demo). */
export const CONTROL_LINES = [
  'battery 0..100',
  'ac on|off',
  'heat 0..4',
  'memory 0..100',
  'lid open|closed',
  'link cut|heal',
  'kill edge',
];

/** A line of the panel is never longer, in characters. */
export const CONTROL_LINE_LIMIT = 40;

/** Null when the line is none of them. */
export function parseControl(line: string): ControlAct | null {
  const [word = '', value = '', ...rest] = line.trim().split(/\s+/);
  if (rest.length > 0) return null;
  const number = within(value, word === 'heat' ? 4 : 100);
  switch (word) {
    case 'battery':
    case 'memory':
      return number === null ? null : { act: word, percent: number };
    case 'heat':
      return number === null ? null : { act: 'heat', level: Math.round(number) };
    case 'ac':
      return choose(value, ['on', 'off'], (on) => ({ act: 'ac', on }));
    case 'lid':
      return choose(value, ['closed', 'open'], (closed) => ({ act: 'lid', closed }));
    case 'link':
      return choose(value, ['cut', 'heal'], (cut) => ({ act: 'link', cut }));
    case 'kill':
      return value === 'edge' ? { act: 'kill' } : null;
    default:
      return null;
  }
}

function within(text: string, most: number): number | null {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return value <= most ? value : null;
}

function choose(
  value: string,
  [yes, no]: readonly [string, string],
  make: (isYes: boolean) => ControlAct,
): ControlAct | null {
  return value === yes || value === no ? make(value === yes) : null;
}

const percent = z.number().min(0).max(100);

/** What the edge was told last, by whoever moved it. */
export const edgeMovesSchema = z.object({
  batteryPercent: percent,
  onAC: z.boolean(),
  heatLevel: z.number().int().min(0).max(4),
  memoryPercent: percent,
  lidClosed: z.boolean(),
  linkCut: z.boolean(),
  /** Its processes were killed: nothing moves it any more. */
  killed: z.boolean(),
});
export type EdgeMoves = z.infer<typeof edgeMovesSchema>;

/** The machine that src-demo/sensors.ts makes. */
export const firstMoves: EdgeMoves = {
  batteryPercent: 80,
  onAC: true,
  heatLevel: 0,
  memoryPercent: 50,
  lidClosed: false,
  linkCut: false,
  killed: false,
};

/** The same after an act that was done. */
export function afterAct(moves: EdgeMoves, wanted: ControlAct): EdgeMoves {
  switch (wanted.act) {
    case 'battery':
      return { ...moves, batteryPercent: wanted.percent };
    case 'ac':
      return { ...moves, onAC: wanted.on };
    case 'heat':
      return { ...moves, heatLevel: wanted.level };
    case 'memory':
      return { ...moves, memoryPercent: wanted.percent };
    case 'lid':
      return { ...moves, lidClosed: wanted.closed };
    case 'link':
      return { ...moves, linkCut: wanted.cut };
    case 'kill':
      return { ...moves, killed: true };
  }
}

const perSecondSchema = z.object({ core: z.number().min(0), edge: z.number().min(0) });
export type PerSecond = z.infer<typeof perSecondSchema>;

/** What was lost: a slow answer is a GET as well. */
const lostByKindSchema = z.object({ get: z.number().int().min(0), post: z.number().int().min(0) });

/** `namespaces`: a cut link is a real one. `loopback`: there is no wire, and the edge is frozen instead. */
const wireSchema = z.enum(['namespaces', 'loopback']);

/** Documents of the demo that its panel draws, a JSON object a line; others are left out. */
export const demoDocumentSchema = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('pair'),
    /** Where clients call. */
    front: z.string(),
    wire: wireSchema,
    timeScale: z.number().min(1),
  }),
  z.object({ event: z.literal('edge'), moves: edgeMovesSchema }),
  z.object({
    event: z.literal('traffic'),
    perSecond: perSecondSchema,
    lost: z.number().int().min(0),
    lostByKind: lostByKindSchema,
    total: z.number().int().min(0),
  }),
]);
export type DemoDocument = z.infer<typeof demoDocumentSchema>;

/** Null for a line that is none of them: an event that the panel does not draw, or no JSON at all. */
export function parseDemoDocument(line: string): DemoDocument | null {
  try {
    const parsed = demoDocumentSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** How many seconds the picture goes back. */
export const SECONDS_SHOWN = 60;

/** All that the panel draws, beside the World of the core. */
export const demoViewSchema = z.object({
  front: z.string().nullable(),
  wire: wireSchema,
  timeScale: z.number().min(1),
  moves: edgeMovesSchema,
  /** A second each, the oldest first, at most SECONDS_SHOWN. */
  seconds: z.array(perSecondSchema).max(SECONDS_SHOWN),
  total: z.number().int().min(0),
  lost: z.number().int().min(0),
  lostByKind: lostByKindSchema,
});
export type DemoView = z.infer<typeof demoViewSchema>;

export const emptyDemoView: DemoView = {
  front: null,
  wire: 'loopback',
  timeScale: 1,
  moves: firstMoves,
  seconds: [],
  total: 0,
  lost: 0,
  lostByKind: { get: 0, post: 0 },
};

export function withDocument(view: DemoView, document: DemoDocument): DemoView {
  switch (document.event) {
    case 'pair': {
      const { front, wire, timeScale } = document;
      return { ...view, front, wire, timeScale };
    }
    case 'edge':
      return { ...view, moves: document.moves };
    case 'traffic': {
      const { perSecond, total, lost, lostByKind } = document;
      const seconds = [...view.seconds, perSecond].slice(-SECONDS_SHOWN);
      return { ...view, total, lost, lostByKind, seconds };
    }
  }
}
