interface Open {
  close(): Promise<void> | void;
}

/** What is open, or is being opened. */
const all = new Set<Promise<Open>>();
let isEnding = false;

/** Opens something, uses it and closes it, also when that fails or when somebody ends this program. */
export async function whileOpen<T extends Open, R>(
  open: () => Promise<T>,
  use: (thing: T) => Promise<R>,
): Promise<R> {
  // Who is being ended begins nothing new, and is gone soon.
  if (isEnding) return new Promise(() => undefined);
  const opening = open();
  all.add(opening);
  try {
    return await use(await opening);
  } finally {
    if (!isEnding) {
      all.delete(opening);
      await opening.then((thing) => thing.close()).catch(() => undefined);
    }
  }
}

/** Homes, namespaces and processes of an interrupted run go with it. */
export function closeOnSignal(): void {
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      isEnding = true;
      void Promise.allSettled([...all].map(async (opening) => (await opening).close())).then(() =>
        process.exit(130),
      );
    });
}
