/** What is remembered of kind clusters while the engine runs; a new engine looks anew. */
export interface KindMemory {
  /** When its nodes were last woken out of a pause: what was proven before is old. */
  readonly wokenAt: Map<string, Date>;
  /** The run (starts of its nodes) for which a Service was seen to answer by name. */
  readonly namedIn: Map<string, string>;
  /** The run in which its Services were seen to lead to the pods that run, and since when. Milliseconds, monotonic. */
  readonly settledIn: Map<string, { readonly id: string; readonly atMs: number }>;
  /** The run that is seen, how old it was when it was first seen, and when that was. Milliseconds, the second monotonic. */
  readonly seenIn: Map<string, { readonly id: string; readonly ageMs: number; readonly atMs: number }>;
}

export function kindMemory(): KindMemory {
  return { wokenAt: new Map(), namedIn: new Map(), settledIn: new Map(), seenIn: new Map() };
}
