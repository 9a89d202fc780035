/** What is remembered of kind clusters while the engine runs; a new engine looks anew. */
export interface KindMemory {
  /** When its nodes were last woken out of a pause: what was proven before is old. */
  readonly wokenAt: Map<string, Date>;
  /** The run (starts of its nodes) for which a Service was seen to answer by name. */
  readonly namedIn: Map<string, string>;
  /** The run in which its Services were seen to lead to the pods that run, and since when. Milliseconds, monotonic. */
  readonly settledIn: Map<string, { readonly id: string; readonly atMs: number }>;
}

export function kindMemory(): KindMemory {
  return { wokenAt: new Map(), namedIn: new Map(), settledIn: new Map() };
}
